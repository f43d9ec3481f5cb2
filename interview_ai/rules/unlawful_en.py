"""How English questions and titles ask for what nobody may be asked: patterns by ground, most around the word "you"."""

from __future__ import annotations

_YOUR = r"\byour\s+(?:own\s+|current\s+|exact\s+|full\s+|present\s+|real\s+)?"
_FAMILY = (
    r"(?:parents?|father|mother|dad|mom|mum|brothers?|sisters?|siblings?|family|husband|wife|spouse|relatives?"
    r"|in-laws|grandparents?|grandfather|grandmother)"
)
_ENDS = r"(?=\s*(?:[.?!,;:]|$|and\b|or\b|worth\b|like\b))"
_CHILDREN = r"(?:children|kids|child|baby|babies)"
_PHOTO = r"(?:photos?|photographs?|headshots?|selfies?|pictures? of (?:yourself|you))\b"
_SOME = (
    r"(?:any |physically |mentally |regular |a |an |some |serious |physical |mental |other |of |on |for "
    r"|chronic |known |underlying |pre-existing |major |past |or )*"
)
_ILL = (
    r"(?:disabled|disabilit\w+|handicap\w*|impairments?|illness(?:es)?|diseases?|(?:medical|health"
    r"|mental) (?:conditions?|problems?|issues?)"
    r"|pain|conditions? that|depress\w+|anxiety|adhd|autism|(?:back|heart|skin|sleep|hearing|vision) problems?"
    r"|cancer|diabet\w+|epilep\w+|hiv|allerg\w+|medications?|medicines?"
    r"|pills|surgery|hospitali[sz]ed|injur(?:y|ies))"
)


def _label(words: str) -> str:
    """A field's name standing alone."""
    return rf"^\s*(?:{words})\s*[:?]?\s*$"


PATTERNS: dict[str, tuple[str, ...]] = {
    "appearance": (
        _YOUR + r"(?:height|weight|looks|appearance|physique|waist size|dress size|body (?:type|shape|weight)"
        r"|hair colou?r|tattoos?|blood type)\b",
        r"\bhow (?:tall|heavy) are you\b|\bhow much do you weigh\b|\bhow (?:tall|heavy) you are\b"
        r"|\bhow much you weigh\b",
        r"(?:^|[.!?]\s+|please\s+|must\s+)(?:attach|enclose|send|upload|include|submit|provide|add)\s+(?:us\s+)?(?:a"
        r"|an|your|one|two)?\s*"
        rf"(?:recent |passport |passport-sized? |full-length |current |clear )*{_PHOTO}",
        _YOUR + r"(?:recent |passport )?(?:photo|photograph|headshot|picture)\b(?!\s*(?:essay|project|edit|shoot"
        r"|work|stud|archive|book)|\s+of (?!you))",
        r"\b(?:photos?|photographs?|pictures?) of (?:yourself|you)\b",
        r"\bphotos? (?:is |are )?(?:required|mandatory|needed)\b|\b(?:cv|resume|résumé"
        r"|application)s? with (?:a )?(?:recent )?photo",
        r"\bare you (?:attractive|pretty|handsome|beautiful|fat|overweight)\b|\b(?:good|nice)[- ]looking\b"
        r"|\battractive (?:wom[ae]n|girls?|lad(?:y|ies)|female|appearance|person"
        r"|candidates?|applicants?)",
        r"\b(?:pleasant|neat|pleasing|presentable) appearance\b|\b(?:minimum|min\.?) height\b|\btaller than \d{3}",
        r"\bdo you (?:wear make-?up|have (?:any )?tattoos?)\b|\bplastic surgery\b[^.?!]{0,20}\byou\b"
        r"|\byou[^.?!]{0,15}\bhad plastic surgery\b",
        _label(r"height|weight|height (?:and|/|&) weight|photo|photograph|appearance"),
    ),
    "region": (
        r"\bwhere (?:were you (?:born|raised)|are you (?:originally )?from|did you grow up"
        r"|do you (?:originally )?come from)\b",
        r"\bwhere you (?:were (?:born|raised)|grew up\b(?! an?\b)|(?:originally )?come from"
        r"|are (?:originally )?from)\b",
        _YOUR + r"(?:place of birth|birth ?place|home ?town\b(?!\s+\w+'s)|home (?:region|province|town)"
        r"|native (?:place|region"
        r"|town|city|province)|(?:region|place) of origin|accent|dialect)\b",
        r"\b(?:which|what) (?:region|province|part of (?:the )?(?:country|korea)|city|town"
        r"|area)\b[^.?!]{0,12}(?:are you from|do you come from|were you (?:born|raised))",
        r"\bare you (?:originally )?from (?!(?:a|an|our|the|one|this)\b)\w+|\bwere you (?:born|raised) in\b",
        _label(r"place of birth|birth ?place|home ?town|(?:place|region) of origin"),
    ),
    "marriage": (
        r"\bare you (?:currently |already |still |now )?(?:married|single\b(?!-)|divorced|engaged\b(?! (?:in|with))"
        r"|widowed|pregnant|expecting a|dating|in a relationship|seeing (?:someone|anyone)|a (?:mother|father|parent"
        r"|mom|mum|dad)\b)",
        rf"\bdo you (?:currently |already )?have (?:any |a |young |small |school-age )*(?:{_CHILDREN}|husband|wife"
        rf"|spouse|boyfriend|girlfriend|dependants?|dependents?|partner\b(?!\s+(?:org|compan|firm|agenc|school)))",
        r"\byou (?:\w+ )?(?:plan|planning|intend|intending|want|hope|hoping|wish|going|expect|thinking)\s+(?:to|on"
        r"|of|about)\s+"
        rf"(?:(?:have|having|raise|raising) (?:any |a |more |your own )*{_CHILDREN}|(?:get|getting|be|being|become"
        rf"|becoming) "
        r"(?:married|pregnant|a (?:mother|father|parent))|(?:start|starting) a family|marry|marrying)\b",
        rf"\bwhen (?:will|do|are|would) you\b[^.?!]{{0,25}}(?:get(?:ting)? married|marry|have (?:a "
        rf"|any )?{_CHILDREN}|start(?:ing)? a family)",
        _YOUR + rf"(?:marital status|marriage|husband|wife|spouse|fianc[ée]e?|boyfriend|girlfriend"
        rf"|{_CHILDREN}(?!'s (?:book|film|program|show))|pregnancy|family plan(?:s|ning)?|child ?care|maiden name"
        rf"|love life|relationship status)\b",
        rf"\byour plans? (?:for|to) (?:have |having |get |getting |start |starting )?(?:a |any )?(?:{_CHILDREN}"
        rf"|family|marriage|marry|married)",
        rf"\bhow many {_CHILDREN} (?:do|have) you\b|\bif you (?:get|become|were|got|fall) (?:married|pregnant)\b",
        r"\byou[^.?!]{0,25}\b(?:maternity|parental) leave\b[^.?!]*\?|\bhave you ever been (?:married|divorced"
        r"|pregnant)\b",
        r"\b(?:unmarried|single) (?:wom[ae]n|m[ae]n|females?|males?|applicants?|candidates?)\b",
        rf"\bdo you have (?:someone|somebody|anyone|anybody)[^.?!]{{0,20}}\b{_CHILDREN}\b|\bis there a (?:husband"
        rf"|wife|boyfriend|girlfriend)\b",
        rf"\bwould having (?:a )?{_CHILDREN}\b|\b(?:small|young) {_CHILDREN} at home\b"
        rf"|\bdo you have a same-sex partner\b",
        r"\bwhen are you due\b(?! to)",
        _label(r"marital status|married\??|number of children|children"),
    ),
    "property": (
        _YOUR + rf"(?:property|properties|assets|wealth){_ENDS}",
        _YOUR + r"(?:net worth|savings\b(?! (?:plan|account|bank|scheme|idea|group))|debts?|loans?|mortgage"
        r"|credit (?:score|rating|history)|bank balance|financial (?:situation|status|background|position"
        r"|circumstances))\b",
        r"\bdo you (?:own|rent)(?: or (?:own|rent))?\s+(?:a |an |your )?(?:own )?(?:house|home|flat|apartment"
        r"|property|land|real estate)\b",
        r"\bdo you have (?:any |a )?(?:debts?|loans?|mortgage|savings|property|assets)\b|\bhow much (?:money|savings"
        r"|debt|property) (?:do|have) you\b",
        r"\bdo you live in your own (?:house|home|flat|apartment)\b|\bare you (?:in debt|rich|poor|wealthy"
        r"|bankrupt)\b|\bhave you ever (?:been|gone|declared) bankrupt",
        _label(r"property|assets|credit score"),
    ),
    "family": (
        rf"\byour {_FAMILY}(?:'s|s'|')?\s+(?:jobs?|occupations?|education\w*|income|salary|wealth|property"
        rf"|professions?|careers?|school\w*|university|degrees?|background|members|employers?|situation|relations\w*"
        rf"|circumstances)\b",
        rf"\b(?:what|where|who|which|how)(?:'s|(?: \w+)? (?:do|does|did|is|are|was|were|much do|much does"
        rf"|many))\s+(?:\w+ )?your {_FAMILY}\b(?!-|s?'?s?\s+(?:business|shop|store|farm|restaurant|company))",
        rf"\b(?:what|where) your {_FAMILY}(?:\s+and\s+\w+)? (?:do|does|did|work|works|studied|earns?|lives?)\b",
        rf"\b(?:tell (?:us|me) about|describe|introduce|talk about|something about) your {_FAMILY}{_ENDS}",
        r"\bdo you have (?:any )?(?:brothers|sisters|siblings)\b|\bhow many (?:brothers|sisters|siblings)\b"
        r"|\bare you (?:the |an )?(?:only child|eldest|oldest|youngest)\b",
        rf"\b(?:is|does|has|are|do|did) (?:anyone|anybody|any(?:one)?) (?:in|of) your family\b|\b(?:are|did|do|does"
        rf"|is|was|were|has|have) your {_FAMILY} (?!business|shop|store|farm|restaurant)",
        r"\bfamily members?'? (?:jobs?|occupations?|education|income|property)\b|\byour (?:parents|father"
        r"|mother)'?s? (?:still )?(?:alive|divorced|together)\b",
        _label(
            r"family (?:background|members|relations|details)|(?:father|mother|parent)s?'?s? (?:occupation|job"
            r"|education)"
        ),
    ),
    "religion": (
        _YOUR + r"(?:religion|religious|faith\b(?! in (?!god))|church|denomination|god\b|spiritual|baptismal)",
        r"\bare you (?:a |an )?(?:\w+ )?(?:christian|catholic|protestant|buddhist|muslim|hindu|jewish|jew|atheist"
        r"|agnostic|religious|mormon|believer|sikh|church member|church-?goer)\b",
        r"\bdo you (?:\w+ly )?(?:believe in (?:god|a god|jesus)|(?:go to|attend) (?:church|mass|temple|mosque"
        r"|a church|a mosque)|pray|practi[sc]e (?:a |any )?(?:religion|faith)|have (?:a |any )?(?:religion|faith"
        r"|religious)|follow (?:a |any )?(?:religion|faith)|observe (?:any )?(?:religious|sabbath|the sabbath"
        r"|ramadan|lent|a fast))",
        r"\b(?:which|what) (?:church|religion|faith|temple|mosque|religious \w+)\b[^.?!]{0,20}\byou",
        r"\breligious (?:beliefs|affiliation|holidays|practices|views)\b[^.?!]{0,30}\byou\b",
        _label(r"religion|religious affiliation"),
    ),
    "politics": (
        _YOUR + r"(?:political|politics)\b",
        r"\b(?:who|whom|how) (?:did|do|will|would) you vote\b|\bdid you vote\b|\bwho you voted\b",
        r"\b(?:which|what) (?:political )?(?:party|candidate|president"
        r"|politician)\b[^.?!]{0,15}\byou\b[^.?!]{0,12}(?:vote|support|favou?r|belong|prefer|back|join|member)",
        r"\bare you (?:a |an )?(?:liberal|conservative|democrat|republican|socialist|communist|left[- ]wing"
        r"|right[- ]wing|progressive|member of (?:a|any) (?:political )?party|politically)\b",
        r"\b(?:opinions?|views?|think|feel)\b[^.?!]{0,10}\b(?:of|about|on) (?:the )?(?:current )?(?:president"
        r"|ruling party|opposition party)\b",
        r"\bdo you (?:support|vote for|belong to|back|favou?r) (?:the |a |any )?(?:\w+ )?(?:party|president"
        r"|government|opposition)\b",
        r"\bwhat do you think (?:of|about) (?:the )?(?:current )?(?:president|government|ruling party"
        r"|opposition party|impeachment)",
        r"\byou (?:ever )?(?:taken part|participated|joined|been|take part|participate"
        r"|join)[^.?!]{0,8}\b(?:political (?:protest|demonstration|rall|part)\w*|protests?|rall(?:y|ies))\b",
        _label(r"political (?:party|affiliation|views|opinion)"),
    ),
    "union": (
        r"\b(?:are|were|have) you\b[^.?!]{0,25}(?:union member|member of (?:a|any|the) (?:\w+ )?union|in (?:a|any"
        r"|the) (?:trade |labou?r )?union|joined (?:a|any) (?:\w+ )?union|belonged to (?:a|any) (?:\w+ )?union"
        r"|part of (?:a|any) (?:\w+ )?union)",
        r"\b(?:do|would|will|did) you\b[^.?!]{0,25}(?:join|belong to|support|form|organi[sz]e|be active in) (?:a "
        r"|any |the |our )?(?:\w+ )?unions?\b",
        r"\b(?:think|feel|opinions?|views?)\b[^.?!]{0,8}(?:of|about|on) (?:trade |labou?r )?unions?\b",
        _YOUR + r"(?:trade |labou?r )?union (?:membership|activit\w+|affiliation|experience)",
        r"\bwould you (?:ever )?(?:go on|join a) strike\b",
        r"\byou (?:ever )?(?:taken part in|participated in|joined|been on|take part in|join) (?:a |any )?strikes?\b",
        _label(r"(?:trade |labou?r )?union (?:membership|activity)"),
    ),
    "health": (
        rf"\b(?:do|are|have|did|were) you (?:(?:ever|currently|now|still|also|often|regularly) )?(?:have|had|got"
        rf"|been|suffer(?:ed|ing)?(?: from)?|tak(?:e|en|ing)|liv(?:e|ing) with|diagnosed with|(?:being )?treated for"
        rf"|been (?:diagnosed with|treated for))? ?{_SOME}{_ILL}\b",
        _YOUR + r"(?:general |physical |mental |state of )?health\b(?!\s*(?:and safety|& safety|care|cent|insurance"
        r"|service|team|app|check|project|campaign|data|record system))",
        _YOUR + r"(?:medical (?:history|records?|condition)|disabilit\w+|illness\w*|medications?|physical condition"
        r"|eyesight|impairment)\b",
        r"\b(?:sick days|days off sick|sick leave)\b[^.?!]{0,15}\byou\b|\byou\b[^.?!]{0,20}\b(?:sick days"
        r"|sick leave)\b",
        r"\bare you (?:physically |mentally |currently )?(?:healthy|in good health|ill\b|sick\b|deaf|blind|autistic"
        r"|colou?r-?blind|handicapped|physically fit)",
        r"\bhave you (?:ever )?(?:seen|seeing|been to) (?:a )?(?:psychiatrist|therapist|psychologist)"
        r"|\b(?:do|are) you (?:see|seeing) a (?:psychiatrist|therapist|psychologist)|^\s*any (?:disabilit|illness"
        r"|health)\w*|\bdays (?:were|are) you sick|\bdo you use a wheelchair\b",
        r"\b(?:able-bodied|healthy) (?:applicants|persons?|candidates|people) only\b",
        _label(r"disabilit(?:y|ies)|health (?:condition|status)|medical history"),
    ),
    "age": (
        r"\bhow old (?:are|were) you\b|\bhow old you are\b|\bwhen (?:were you born|is your birthday|you were born"
        r"|do you (?:plan to )?retire)\b",
        _YOUR + r"(?:age\b|ages\b|date of birth|birth ?date|birthday|year of birth|birth year|dob\b)",
        r"\b(?:what|which) year (?:were you born|did you (?:graduate from|finish|leave) (?:high |secondary )?school)"
        r"|\bwhen did you (?:graduate from|finish|leave) (?:high |secondary )?school",
        r"\bare you (?:over|under|above|below|older than|younger than) (?!1\d|2[01])\d\d\b|\bmust be under \d\d\b",
        r"\b(?:aged?|between|under|over|below|up to)\b[^.?!]{0,12}\d\d\b[^.?!]{0,12}\b(?:only|preferred)\b"
        r"|\b(?:maximum|max\.?|upper) age\b",
        r"\byoung (?:and \w+ )?(?:wom[ae]n|m[ae]n|lad(?:y|ies)|girls?|people|candidates|applicants|staff)? ?(?:only"
        r"|preferred|wanted)\b",
        r"\b(?:until|before) you retire\b|\b(?:may|can) i ask how old\b",
        r"\btoo (?:old|young) for (?:this|the) (?:job|role|position|work)\b|\b(?:feel|mind|accept|okay?"
        r"|comfortable)\b[^.?!]{0,30}\byounger (?:boss|manager|supervisor|team lead)",
        _label(r"age|date of birth|birth ?date|year of birth|dob"),
    ),
    "sex": (
        _YOUR + r"(?:sex\b(?! (?:ed|life))|gender\b(?! (?:equality|studies|pay|identity)))",
        r"\bare you (?:a |an )?(?:man|woman|male|female|girl|boy|lady)\b|\bas a (?:woman|man\b(?!-)|female|male|girl"
        r"|lady|mother|father)\b(?!'s)",
        r"\b(?:females?|males?|wom[ae]n|m[ae]n|lad(?:y|ies)|girls?|boys?) (?:only|preferred|wanted)\b|\b(?:only"
        r"|preferably) (?:female|male|wom[ae]n|m[ae]n)\b",
        r"\b(?:can|could|should) (?:a )?(?:wom[ae]n|girls?) (?:really )?(?:do|handle|manage|cope|lift)\b",
        r"\b(?:hard|difficult|heavy|tough|dangerous|unsuitable) for (?:a )?(?:wom[ae]n|girls?|m[ae]n)\b",
        _label(r"sex|gender"),
    ),
    "military": (
        r"\b(?:why|reasons?)\b[^.?!]{0,40}\b(?:exempt\w*|excused|did(?:n't| not) (?:serve|do|complete)|not (?:serve"
        r"|served)"
        r"|avoid\w*)\b[^.?!]{0,30}\b(?:military|army|service|conscription|draft)",
        r"\b(?:military|army|conscription|draft)\b[^.?!]{0,20}\bexempt\w*[^.?!]{0,30}\b(?:reasons?|why)\b"
        r"|\b(?:reasons?|why)\b[^.?!]{0,30}\b(?:military|army|conscription|draft)\b[^.?!]{0,20}\bexempt",
        r"\b(?:are|were) you exempt(?:ed)? from (?:\w+ )?(?:military|army|service|conscription|the draft)"
        r"|\byour (?:military |draft )exemption\b",
        r"\bhow come you (?:did(?:n't| not)|were(?:n't| not)|have(?:n't| not)) (?:serve|do|done|served|drafted)",
        r"\bwhy (?:did|have|were)(?:n't| not)? you (?:not )?(?:serve|do|done|served|drafted"
        r"|conscripted)\b[^.?!]{0,20}(?:military|army|service)?",
    ),
    "nationality": (
        _YOUR + r"(?:nationality|race\b|ethnicity|ethnic (?:origin|background|group)|citizenship|skin colou?r"
        r"|country of (?:origin|birth)|national origin|immigration (?:status|background))",
        r"\b(?:what|which) (?:nationality|race|ethnicity|country)\b[^.?!]{0,12}(?:are you|do you come|were you)",
        r"\bare you (?:a |an )?(?:foreigner|foreign(?:-born)?|immigrant|refugee|korean|american|chinese|japanese"
        r"|vietnamese|black|white|asian|north korean|(?:\w+ )?citizen|naturali[sz]ed|mixed race)\b",
        r"\b(?:what|which) passport\b[^.?!]{0,8}\byou\b|\bwhere is your passport from\b",
        _label(r"nationality|race|ethnicity"),
    ),
    "orientation": (
        _YOUR + r"(?:sexual (?:orientation|preference|identity)|gender identity|sexuality|sex life)\b",
        r"\bare you (?:a |an )?(?:gay|lesbian|bisexual|homosexual|heterosexual|straight\b(?! ?forward)|transgender"
        r"|trans\b|queer|lgbt\w*)",
        r"\bwhat do you think (?:of|about) (?:homosexuality|gay|lgbt\w*|same-sex|transgender)"
        r"|\bhave you come out\b(?! of)",
        r"\bdo you (?:like|prefer|date) (?:men|women|boys|girls)\b",
        _label(r"sexual orientation"),
    ),
}

# Unions that nobody goes on strike with.
OTHER_UNIONS = r"\b(?:students?'?|credit|european|western|customs|monetary|soviet)\s+$"
