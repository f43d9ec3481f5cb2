"""The English words that the patterns of masking are made of: given names, surnames, kin, kinds of work, schools."""

from __future__ import annotations

# names that are also words or places (Grace, Mark, May, Will, Austin) are left out
GIVEN = (
    "Aaron Adam Alan Alex Alexander Alice Alicia Allison Amanda Amy Andrea Andrew Angela Anna Anne Anthony "
    "Ashley Barbara Benjamin Betty Brandon Brian Bruce Carl Carol Caroline Catherine Charles Cheryl Chloe "
    "Chris Christina Christine Christopher Cindy Daniel David Deborah Debra Denise Dennis Diana Diane Donald "
    "Donna Dorothy Douglas Dylan Edward Elizabeth Ella Emily Emma Eric Ethan Eugene Evelyn Frances Gabriel "
    "Gary George Gerald Gloria Gregory Hannah Harold Heather Helen Henry Howard Ian Isaac Isabella Jacob James "
    "Jamie Jane Janet Janice Jason Jeffrey Jennifer Jeremy Jerry Jesse Jessica Joan Joe John Jonathan Joseph "
    "Joshua Joyce Juan Judith Judy Julia Julie Justin Karen Katherine Kathleen Keith Kelly Kenneth Kevin "
    "Kimberly Kyle Larry Laura Lauren Lawrence Leonard Linda Lisa Louis Lucas Lucy Margaret Maria Marie "
    "Marilyn Martha Martin Mary Matthew Megan Melissa Michael Michelle Mike Mia Monica Nancy Natalie Nathan "
    "Nicholas Nicole Noah Oliver Olivia Pamela Patricia Patrick Paul Peter Philip Rachel Ralph Raymond Rebecca "
    "Richard Robert Roger Ronald Roy Russell Ruth Ryan Samantha Samuel Sandra Sara Sarah Scott Sean Sharon "
    "Shirley Sophia Stephanie Stephen Steve Steven Susan Teresa Theresa Thomas Tim Timothy Tom Tyler Vanessa "
    "Victoria Vincent Virginia Walter Wayne William Zachary Minji Minjun Seoyeon Jiwoo Jiho Hyunwoo Jihoon "
    "Sujin Yuna Eunji Haeun Minho Jisoo Doyun Hajun Seojun Jimin Yejin"
).split()
KOREAN_SURNAMES = (
    "Kim Lee Park Choi Jung Jeong Kang Cho Yoon Jang Lim Han Oh Seo Shin Kwon Hwang Ahn Song Ryu Yoo Hong Jeon "
    "Ko Moon Yang Son Bae Baek Heo Nam Shim Noh Ha Kwak Sung Cha Joo Woo Koo Min Jin"
).split()
NO_NAMES = frozenset(
    (
        "a an the i my our your his her their this that these those and but so or not one someone responsible "
        "sure glad happy korean japanese chinese american british canadian vietnamese english monday tuesday "
        "wednesday thursday friday saturday sunday january february march april may june july august september "
        "october november december also still now very really quite always never just from in at on to of for "
        "with by it we you he she they what where when why who how is was are were will would can could should "
        "new in-house samsung hyundai google python java jira excel agile scrum it hr qa ceo cto today here "
        "there thank thanks because please hello good first last next every any some no if as than then after "
        "before over under while during team project mr mrs ms dr prof professor miss"
    ).split()
)
KIN = (
    "grandmother grandfather grandparents grandma grandpa stepmother stepfather mother-in-law father-in-law "
    "in-laws mother father parents parent mom mum dad mommy daddy brothers brother sisters sister siblings "
    "sibling husband wife spouse sons son daughters daughter kids kid children child family uncle aunt cousins "
    "cousin nephew niece boyfriend girlfriend fiance relatives twins twin"
).split()
JOBS = (
    "civil servants? farmers? teachers? nurses? doctors? lawyers? engineers? professors? soldiers? firefighters? "
    "fishermen fisherman carpenters? drivers? chefs? cooks? pastors? bankers? accountants? pharmacists? dentists? "
    "judges? prosecutors? housewife homemaker businessman businesswoman retired unemployed electricians? mechanics? "
    "plumbers? salesman salesmen shopkeepers? principal executive"
).replace("civil servants?", "civil_servants?").split()  # fmt: skip
JOBS = [
    job.replace("_", " ")
    for job in [*JOBS, "police officers?", "factory workers?", "office workers?", "truck drivers?"]
]
SCHOOLS = (
    "MIT KAIST POSTECH UNIST DGIST GIST Stanford Harvard Yale Princeton Berkeley UCLA NYU Caltech Cornell "
    "Yonsei Sogang Hanyang Sungkyunkwan Skku Ewha Kyungpook Yeungnam Keimyung Handong Konkuk Dongguk Hongik "
    "Sookmyung Inha Ajou Chonnam Chungnam Chungbuk"
).split()
THINGS = frozenset(
    ("machine machines system building company code equipment line plant factory software data house it").split()
)
