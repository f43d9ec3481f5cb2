"""What webhooks are told: once for each cause, signed, tried again, given up; and whom they never reach."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from interview_ai import campaigns, openings, outgoing, webhook_events, webhook_sending, webhooks
from interview_ai.campaign_drafts import NewCampaign
from interview_ai.database import EVERYWHERE, now, reading, transaction
from interview_ai.errors import Conflict, Forbidden, NotFound
from interview_ai.organisations import Member
from interview_ai.outgoing import Line
from interview_ai.rules import webhooks as rules
from interview_ai.tables import AuditEntry, Interview, Invitation, Mail, Webhook, WebhookDelivery
from interview_ai.webhooks import Made, NewWebhook
from tests import desk, receiver
from tests.receiver import Receiver
from tests.web.programs import member

ALL = tuple(rules.EVENTS)


def firm(name: str) -> Member:
    return member("employer", name, f"{name.lower()}@example.com")


def added(member: Member, url: str, *events: str) -> Made:
    with transaction(member.organisation_id) as session:
        return webhooks.add(session, member, NewWebhook(url, events or ALL))


def told(member: Member, cause: str = "one", event: str = "interview.begun") -> None:
    with transaction(member.organisation_id) as session:
        webhooks.tell(session, member.organisation_id, event, cause, {"interview": cause})


def deliveries() -> list[WebhookDelivery]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.created_at, WebhookDelivery.id)))


def only() -> WebhookDelivery:
    (found,) = deliveries()
    return found


def hook() -> Webhook:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Webhook)).one()


def due_now() -> None:
    with transaction(EVERYWHERE) as session:
        session.execute(update(WebhookDelivery).values(next_at=now(session) - timedelta(seconds=1)))


def test_an_event_is_told_once_with_a_signature_that_its_secret_makes(anywhere: str, tmp_path: Path) -> None:
    jun = firm("Jun")
    with Receiver(tmp_path) as there:
        made = added(jun, there.url)
        told(jun)
        told(jun)
        assert webhook_sending.send_due(there.line()) == 1
        assert webhook_sending.send_due(there.line()) == 0
    (request,) = there.received
    assert request.line == "POST /in?from=onterview HTTP/1.1"
    assert request.headers["host"] == f"hooks.example.com:{there.port}" and there.names == ["hooks.example.com"]
    delivery = only()
    assert (delivery.state, delivery.attempts, delivery.status_code) == ("sent", 1, 200)
    assert request.told["type"] == "interview.begun" and request.told["data"] == {"interview": "one"}
    assert request.headers["webhook-id"] == delivery.id
    sent_at = int(request.headers["webhook-timestamp"])
    assert abs(sent_at - datetime.now(UTC).timestamp()) < 60
    assert request.headers["webhook-signature"] == rules.sign([made.secret], delivery.id, sent_at, request.body)


def test_only_the_events_that_a_webhook_chose_are_told_and_only_of_its_organisation(home: Path) -> None:
    jun, hana = firm("Jun"), firm("Hana")
    added(jun, "https://example.org/jun", "interview.finished")
    added(hana, "https://example.org/hana", "interview.begun")
    told(jun, event="interview.begun")
    assert deliveries() == []
    told(jun, event="interview.finished")
    assert only().organisation_id == jun.organisation_id


def test_an_event_of_a_rolled_back_transaction_is_never_told(home: Path) -> None:
    jun = firm("Jun")
    added(jun, "https://example.org/jun")
    with pytest.raises(RuntimeError), transaction(jun.organisation_id) as session:
        webhooks.tell(session, jun.organisation_id, "interview.begun", "one", {})
        raise RuntimeError
    assert deliveries() == []


@pytest.mark.parametrize(
    ("behaviour", "status", "why"),
    [
        (receiver.answers(500), 500, "refused"),
        (receiver.answers(404), 404, "refused"),
        (receiver.answers(410), 410, "refused"),
        (receiver.answers(302, "Location: https://127.0.0.1/"), 302, "redirects"),
        (receiver.answers(307, "Location: http://169.254.169.254/"), 307, "redirects"),
        (receiver.silent, None, "too_slow"),
        (receiver.dripping, None, "too_slow"),
        (receiver.cutting, None, "cut"),
        (receiver.endless_head, None, "cut"),
    ],
    ids=["500", "404", "410", "redirects", "redirects inside", "silent", "dripping", "cutting", "endless head"],
)
def test_what_is_not_taken_waits_and_says_why(
    home: Path, tmp_path: Path, behaviour: receiver.Behaviour, status: int | None, why: str
) -> None:
    jun = firm("Jun")
    with Receiver(tmp_path, behaviour) as there:
        added(jun, there.url)
        told(jun)
        patience = 0.5 if why == "too_slow" else 10.0
        assert webhook_sending.send_due(there.line(limit_s=patience)) == 0
        assert why == "too_slow" or len(there.received) == 1
    delivery = only()
    assert (delivery.state, delivery.attempts, delivery.status_code, delivery.error) == ("pending", 1, status, why)
    assert delivery.next_at > datetime.now(UTC) + timedelta(seconds=20)
    assert hook().failing_since is not None


@pytest.mark.parametrize("behaviour", [receiver.huge, receiver.early_then(204)], ids=["ten megabytes", "early hints"])
def test_of_an_answer_only_the_beginning_is_read(home: Path, tmp_path: Path, behaviour: receiver.Behaviour) -> None:
    jun = firm("Jun")
    with Receiver(tmp_path, behaviour) as there:
        added(jun, there.url)
        told(jun)
        assert webhook_sending.send_due(there.line()) == 1
    assert there.flooded < 10_000_000
    assert only().state == "sent"


CHUNKED = b"4\r\nKaff\r\n6\r\nee ist\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("head", "body", "kept"),
    [
        ([], "명단에 없는 <b>번호</b>\r\n".encode(), "명단에 없는 <b>번호</b>"),
        (["Content-Type: text/plain; charset=EUC-KR"], "접수 번호 오류".encode("euc-kr"), "접수 번호 오류"),
        (["Content-Type: text/plain; charset=rot13"], b"plain", "plain"),
        (["Transfer-Encoding: chunked"], CHUNKED, "Kaffee ist"),
        (["Transfer-Encoding: chunked"], b"zz\r\nno chunk", None),
        (["Content-Encoding: gzip"], b"\x1f\x8b\x08", None),
        ([], b"a\x00b\xff\x1b[31mred\xe2\x80\xaeback", "ab\ufffd[31mredback"),
        (["Content-Length: 0"], b"", None),
        ([], b"x" * 9000, "x" * 500),
    ],
    ids=["utf-8", "euc-kr", "no charset", "chunks", "no chunks", "packed", "odd signs", "nothing", "long"],
)
def test_the_beginning_of_an_answers_text_is_kept_with_how_long_it_took(
    home: Path, tmp_path: Path, head: list[str], body: bytes, kept: str | None
) -> None:
    jun = firm("Jun")
    with Receiver(tmp_path, receiver.says(422, body, *head)) as there:
        added(jun, there.url)
        told(jun)
        webhook_sending.send_due(there.line())
    delivery = only()
    assert (delivery.status_code, delivery.answer) == (422, kept)
    assert delivery.took_ms is not None and 0 <= delivery.took_ms < 5000
    assert delivery.tried_at is not None and delivery.tried_at >= delivery.created_at


def test_a_text_that_comes_to_no_end_changes_nothing_of_its_status(home: Path, tmp_path: Path) -> None:
    jun = firm("Jun")
    with Receiver(tmp_path, receiver.starts_to_say) as there:
        added(jun, there.url)
        told(jun)
        began = time.monotonic()
        assert webhook_sending.send_due(there.line()) == 1
        assert time.monotonic() - began < outgoing.TEXT_S + 2
    assert (only().state, only().answer) == ("sent", "well,")


def question(host: str) -> bytes:
    """A question of DNS for the address of a host."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in host.split("."))
    return b"\x12\x34\x01\x00\x00\x01" + bytes(6) + labels + b"\x00\x00\x01\x00\x01"


def test_a_name_server_that_never_answers_holds_the_sender_no_longer_than_a_delivery(
    home: Path, tmp_path: Path
) -> None:
    jun = firm("Jun")
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking,
        Receiver(tmp_path) as there,
    ):
        mute.bind(("127.0.0.1", 0))

        def ask(host: str, _: int) -> list[str]:
            asking.sendto(question(host), mute.getsockname())
            asking.settimeout(20)
            return [asking.recv(512).decode()]

        added(jun, there.url)
        told(jun, "one")
        told(jun, "two")
        began = time.monotonic()
        assert webhook_sending.send_due(there.line(resolver=ask, limit_s=0.5)) == 0
        assert 0.4 < time.monotonic() - began < 2
        assert b"hooks" in mute.recv(512) and there.received == []
        asking.sendto(b"", asking.getsockname())  # so that whoever still waits for it goes home
    tried, waits = sorted(deliveries(), key=lambda one: -one.attempts)
    assert (tried.state, tried.error, tried.status_code) == ("pending", "slow_name", None)
    assert waits.attempts == 0 and waits.next_at > datetime.now(UTC) + timedelta(seconds=20)


def test_what_resolving_took_is_not_given_again(home: Path, tmp_path: Path) -> None:
    def slow(_: str, __: int) -> list[str]:
        time.sleep(0.6)
        return ["127.0.0.1"]

    with Receiver(tmp_path, receiver.silent) as there:
        began = time.monotonic()
        with pytest.raises(outgoing.Refused, match="too_slow"):
            outgoing.post(there.url, {}, b"{}", there.line(resolver=slow, limit_s=1.0))
        assert time.monotonic() - began < 1.5


def test_nobody_listening_a_wrong_certificate_and_an_unknown_name_are_told_apart(home: Path, tmp_path: Path) -> None:
    jun = firm("Jun")
    with Receiver(tmp_path) as there:
        added(jun, there.url)
        told(jun)
        untrusting = Line(there.line().resolver, lambda _: True)

        def unknown(_: str, __: int) -> list[str]:
            raise socket.gaierror("no such name")

        whys = []
        for line in (untrusting, there.line(resolver=unknown), there.line(resolver=lambda _, __: [])):
            due_now()
            webhook_sending.send_due(line)
            whys.append(only().error)
        assert there.received == []
    due_now()
    webhook_sending.send_due(Line(lambda _, __: ["127.0.0.1"], lambda _: True))
    assert [*whys, only().error] == ["certificate", "unknown_name", "unknown_name", "connection"]


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::1"], ["169.254.169.254"], ["::ffff:127.0.0.1"], ["10.0.0.7"]],
    ids=str,
)
def test_a_name_that_leads_inside_is_not_called_whatever_else_it_leads_to(
    home: Path, tmp_path: Path, addresses: list[str]
) -> None:
    jun = firm("Jun")
    with Receiver(tmp_path) as there:
        added(jun, there.url)
        told(jun)
        line = there.line(resolver=lambda _, __: addresses, may_reach=rules.is_public)
        assert webhook_sending.send_due(line) == 0
        assert there.names == [] and there.received == []
    assert only().error == "inner_network"


def test_the_connection_goes_to_the_address_that_was_checked_and_the_name_is_asked_once(
    home: Path, tmp_path: Path
) -> None:
    """A name that leads elsewhere a moment later (DNS rebinding) gains nothing."""
    jun = firm("Jun")
    asked: list[str] = []

    def rebinding(host: str, _: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    with Receiver(tmp_path) as there:
        added(jun, there.url)
        told(jun)
        seen: list[str] = []
        line = there.line(resolver=rebinding, may_reach=lambda address: seen.append(address) is None)
        assert webhook_sending.send_due(line) == 1
    assert asked == ["hooks.example.com"] and seen == ["127.0.0.1"]


def test_by_default_the_real_resolver_and_the_real_rule_refuse_this_machine() -> None:
    with pytest.raises(outgoing.Refused, match="inner_network"):
        outgoing.post("https://localhost:8443/", {}, b"{}", Line())


def test_a_plain_http_address_is_never_called() -> None:
    with pytest.raises(outgoing.Refused, match="not_https"):
        outgoing.post("http://example.org/", {}, b"{}", Line())


def test_a_message_fails_after_a_day_of_waits_and_can_be_sent_again_under_the_same_id(
    home: Path, tmp_path: Path
) -> None:
    jun = firm("Jun")
    with Receiver(tmp_path, receiver.answers(503)) as there:
        added(jun, there.url)
        told(jun)
        for _ in range(len(rules.WAITS) + 1):
            due_now()
            webhook_sending.send_due(there.line())
        assert only().state == "failed"
        due_now()
        assert webhook_sending.send_due(there.line()) == 0
        there.behaviour = receiver.answers(200)
        with transaction(jun.organisation_id) as session:
            webhooks.again(session, jun, only().id)
        assert webhook_sending.send_due(there.line()) == 1
    assert len({request.headers["webhook-id"] for request in there.received}) == 1
    assert len({request.body for request in there.received}) == 1
    assert only().state == "sent" and hook().failing_since is None


def test_a_webhook_that_takes_nothing_for_five_days_is_turned_off_and_its_owners_are_told(
    home: Path, tmp_path: Path
) -> None:
    jun = firm("Jun")
    desk.colleague(jun, "recruiter@example.com", "recruiter")
    with Receiver(tmp_path, receiver.answers(500)) as there:
        added(jun, there.url)
        told(jun, "one")
        told(jun, "two")
        webhook_sending.send_due(there.line())
        with transaction(EVERYWHERE) as session:
            session.execute(update(Webhook).values(failing_since=now(session) - timedelta(days=5)))
        due_now()
        webhook_sending.send_due(there.line())
        told(jun, "three")
        assert hook().disabled_at is not None
        assert {(one.state, one.cause) for one in deliveries()} == {("failed", "one"), ("failed", "two")}
        with reading(EVERYWHERE) as session:
            (mail,) = session.scalars(select(Mail).where(Mail.cause.startswith("webhook off:")))
            assert mail.recipient == "jun@example.com" and there.url.split("/")[2] in mail.body
            assert session.scalars(select(AuditEntry).where(AuditEntry.action == "webhook turned off")).one()
        with transaction(jun.organisation_id) as session, pytest.raises(Conflict, match="Turn it on first"):
            webhooks.test(session, jun, hook().id)
        with transaction(jun.organisation_id) as session:
            webhooks.turn_on(session, jun, hook().id)
        there.behaviour = receiver.answers(200)
        told(jun, "four")
        assert webhook_sending.send_due(there.line()) == 1


def test_a_slow_webhook_holds_up_no_other(home: Path, tmp_path: Path) -> None:
    jun, hana = firm("Jun"), firm("Hana")
    with Receiver(tmp_path, receiver.silent) as slow, Receiver(tmp_path) as fast:
        added(jun, slow.url)
        added(hana, fast.url)
        for cause in ("one", "two", "three"):
            told(jun, cause)
            told(hana, cause)
        assert webhook_sending.send_due(fast.line(limit_s=3)) == 3
        assert len(fast.received) == 3 and len(slow.received) <= 1
    assert sorted(one.attempts for one in deliveries() if one.organisation_id == jun.organisation_id) == [0, 0, 1]


def test_a_message_whose_sender_died_goes_out_again_and_a_late_sender_changes_nothing(
    home: Path, tmp_path: Path
) -> None:
    jun = firm("Jun")
    with Receiver(tmp_path) as there:
        added(jun, there.url)
        told(jun)
        (turn,) = webhook_sending._claim()
        assert webhook_sending._claim() == []
        due_now()
        assert webhook_sending.send_due(there.line()) == 1
        webhook_sending._record(turn.messages[0], webhook_sending.Came(500, "refused"))
    assert (only().state, only().attempts) == ("sent", 1)


def test_another_secret_signs_beside_the_old_one_for_a_day(home: Path, tmp_path: Path) -> None:
    jun = firm("Jun")
    with Receiver(tmp_path) as there:
        first = added(jun, there.url)
        with transaction(jun.organisation_id) as session:
            second = webhooks.change_secret(session, jun, first.id)
        told(jun)
        webhook_sending.send_due(there.line())
    (request,) = there.received
    at = int(request.headers["webhook-timestamp"])
    both = rules.sign([second.secret, first.secret], only().id, at, request.body)
    assert request.headers["webhook-signature"] == both
    assert webhooks.signing_secrets(hook(), datetime.now(UTC) + timedelta(hours=25)) == [second.secret]
    for secret in (first.secret, second.secret):
        assert secret.encode() not in (home / "onterview.sqlite3").read_bytes()


def test_a_secret_that_is_changed_twice_within_a_day_leaves_no_receiver_behind(home: Path, tmp_path: Path) -> None:
    jun = firm("Jun")
    with Receiver(tmp_path) as there:
        known = [added(jun, there.url)]
        for _ in range(webhooks.MOST_EARLIER):
            with transaction(jun.organisation_id) as session:
                known.append(webhooks.change_secret(session, jun, known[0].id))
        with transaction(jun.organisation_id) as session, pytest.raises(Conflict, match="within a day"):
            webhooks.change_secret(session, jun, known[0].id)
        told(jun)
        webhook_sending.send_due(there.line())
    (request,) = there.received
    at = int(request.headers["webhook-timestamp"])
    newest_first = [one.secret for one in reversed(known)]
    assert request.headers["webhook-signature"] == rules.sign(newest_first, only().id, at, request.body)


def test_the_university_that_invited_is_told_of_its_invitation_and_the_employer_of_a_number_only(home: Path) -> None:
    """KR-13: in a blind opening the employer's message holds nothing that leads to the name."""
    seoyeon = member("university", "Seoyeon", "seoyeon@example.ac.kr")
    doyun = member("agency", "Doyun", "doyun@example.go.kr")
    jun = firm("Jun")
    programme_id = desk.programme(doyun, seoyeon, jun)
    opening_id = desk.opening(jun, blind=True, programme_id=programme_id)
    added(seoyeon, "https://example.org/campus")
    added(jun, "https://example.org/firm")
    with transaction(EVERYWHERE) as session:
        person = {"name": "Minji", "email": "minji@example.org", "language": "ko"}
        token = openings.invite(session, seoyeon, opening_id, **person)
    who = desk.begin(token)
    desk.answered(who)
    desk.finished(who)
    desk.finished(who)
    with reading(EVERYWHERE) as session:
        invitation, interview = session.scalars(select(Invitation)).one(), session.scalars(select(Interview)).one()
    payloads = {(one.organisation_id, one.event): one.payload for one in deliveries()}
    campus = {"opening": opening_id, "campaign": None, "invitation": invitation.id}
    number = {"opening": opening_id, "interview": interview.id}
    assert payloads == {
        (seoyeon.organisation_id, "invitation.opened"): campus,
        (seoyeon.organisation_id, "interview.begun"): campus,
        (seoyeon.organisation_id, "interview.finished"): campus,
        (jun.organisation_id, "interview.begun"): number,
        (jun.organisation_id, "interview.finished"): number,
    }


@pytest.mark.parametrize("blind", [True, False], ids=["blind", "open"])
def test_that_a_link_was_opened_is_told_unless_it_would_tell_a_name_from_a_number(home: Path, blind: bool) -> None:
    jun = firm("Jun")
    added(jun, "https://example.org/firm")
    desk.applicant(jun, desk.opening(jun, blind=blind), "Minji")
    with transaction(jun.organisation_id) as session:
        invitation = session.scalars(select(Invitation)).one()
        webhook_events.invitation(session, "opened", invitation)
        webhook_events.invitation(session, "bounced", invitation, cause="mail 1")
    events = {one.event: set(one.payload) for one in deliveries()}
    assert ("invitation.opened" in events) is not blind
    assert "invitation" in events["invitation.bounced"]
    assert ("invitation" in events["interview.begun"]) is not blind


def test_a_campaign_is_told_once_when_it_was_read_and_once_when_it_has_left(home: Path) -> None:
    jun = firm("Jun")
    added(jun, "https://example.org/firm")
    opening_id = desk.opening(jun)
    with transaction(EVERYWHERE) as session:
        campaign = campaigns.add(session, jun, NewCampaign(opening_id, "Spring", "", "", 0, "applied"))
        for state, event in (("preview", "ready"), ("sent", "sent")):
            campaign.state = state
            webhook_events.campaign(session, event, campaign)
            webhook_events.campaign(session, event, campaign)
    told_of = {one.event: one.payload for one in deliveries()}
    whose = {"opening": opening_id, "campaign": campaign.id}
    assert told_of == {"campaign.ready": whose | {"state": "preview"}, "campaign.sent": whose | {"state": "sent"}}
    assert len(deliveries()) == 2


def test_hana_reaches_none_of_juns_webhooks(home: Path) -> None:
    jun, hana = firm("Jun"), firm("Hana")
    made = added(jun, "https://example.org/firm")
    told(jun)
    for act in (webhooks.remove, webhooks.change_secret, webhooks.test, webhooks.turn_on, webhooks.own):
        for tenant in (hana.organisation_id, EVERYWHERE):
            with pytest.raises(NotFound), transaction(tenant) as session:
                act(session, hana, made.id)
    with pytest.raises(NotFound), transaction(EVERYWHERE) as session:
        webhooks.again(session, hana, only().id)
    recruiter = desk.colleague(jun, "recruiter@example.com", "recruiter")
    with pytest.raises(Forbidden), transaction(jun.organisation_id) as session:
        webhooks.remove(session, recruiter, made.id)


def test_what_was_told_long_ago_is_forgotten(home: Path) -> None:
    jun = firm("Jun")
    added(jun, "https://example.org/firm")
    told(jun, "old")
    told(jun, "waits")
    with transaction(EVERYWHERE) as session:
        long_ago = now(session) - timedelta(days=31)
        session.execute(update(WebhookDelivery).values(created_at=long_ago))
        session.execute(update(WebhookDelivery).where(WebhookDelivery.cause == "old").values(state="sent"))
        webhooks.forget(session)
    assert [one.cause for one in deliveries()] == ["waits"]
