"""The people and things of the access table: one agency at work, another one, and the public."""

from types import SimpleNamespace

from django.db import transaction

from accounts.agencies import appoint_administrator
from accounts.logos import set_logo
from accounts.models import Role
from accounts.notices import unsubscribing
from accounts.notices.mails import opening
from accounts.notices.telling import tell
from accounts.verifying import record_check
from comments.annotations.annotating import annotate
from comments.commenting import add_comment
from comments.models import Comment, Placement
from comments.moderation.appealing import appeal
from comments.moderation.blocking import block
from comments.moderation.moderating import flag, hide
from consultations.clock import database_now
from consultations.documents.drafting import Part, create_document, start_draft
from consultations.documents.publishing import publish_version
from consultations.files.attaching import attach, attach_photo
from consultations.files.illustrating import set_cover
from consultations.milestones.reporting import add_milestone, report
from consultations.milestones.starting import create_pledge
from consultations.models import Budget, Consultation, District, Pledge
from consultations.opening import create_consultation, publish_consultation
from consultations.proposals.co_authoring import invite_co_author
from consultations.proposals.drafting import save_draft
from consultations.proposals.proposing import change_proposal, make_proposal
from consultations.review.assigning import assign
from tests.factories import ProposalFactory, UserFactory, anonymous, fresh, make_agency, member, phases_around
from tests.factories.files import PDF, picture, upload
from voting.districts.setting_up import open_district_polls
from voting.polls.setting_up import open_poll
from voting.rolls.loading import load, stage

PEOPLE = (
    "anonymous",
    "citizen",
    "author",
    "member",
    "analyst",
    "moderator",
    "editor",
    "owner",
    "stranger",  # owner of another agency
    "administrator",
)


def build() -> SimpleNamespace:
    """``people`` by the names of PEOPLE, and the objects that the table's addresses name."""
    agency, other = make_agency("Obras"), make_agency("Salud")
    people = {
        "anonymous": anonymous,
        "citizen": UserFactory(name="Ciudadana"),
        "author": UserFactory(name="Autora"),
        "owner": fresh(agency.owner),
        "stranger": fresh(other.owner),
        "administrator": UserFactory(name="Administradora"),
        **{role.value: member(agency, role) for role in (Role.MEMBER, Role.ANALYST, Role.MODERATOR, Role.EDITOR)},
    }
    appoint_administrator(people["administrator"])
    world = SimpleNamespace(agency=agency, other=other, people=people)
    world.public = _consultation(agency, "publica", "public")
    world.private = _consultation(agency, "privada", "private")
    world.draft = _consultation(agency, "borrador", "public", publish=False)
    world.proposing = _consultation(agency, "propuestas", "public", now_in="proposals")
    world.secret = _consultation(agency, "sellada", "public", results="after_close")
    world.proposal = make_proposal(
        consultation=Consultation.objects.get(pk=world.proposing.pk),
        actor=people["author"],
        title="Una plaza",
        body="Sí.",
    )
    world.agency.logo = set_logo(agency=agency, actor=fresh(agency.owner), picture=picture())
    world.closed = _consultation(agency, "cerrada", "public", now_in="over")
    world.proposal = change_proposal(proposal=world.proposal, actor=people["author"], body="Sí, con bancos.")
    world.co_author = invite_co_author(proposal=world.proposal, actor=people["author"], email=people["citizen"].email)
    world.draft_of_proposal = save_draft(
        consultation=world.proposal.consultation, actor=people["author"], typed={"title": "Otra", "body": "También."}
    )
    world.photo = attach_photo(proposal=world.proposal, actor=people["author"], file=picture(), title="La esquina")
    assign(
        consultation=world.proposal.consultation,
        actor=fresh(agency.owner),
        reviewer_id=people["member"].pk,
        proposals=[world.proposal],
    )
    _follow_up(world, fresh(agency.owner))
    world.cause = _consultation(agency, "causa", "public", now_in="discussion")
    Consultation.objects.filter(pk=world.cause.pk).update(is_cause=True)
    world.membership = agency.memberships.get(user=people["member"])
    world.check = record_check(agency=agency, email=people["member"].email, kind="identity", actor=fresh(agency.owner))
    world.rolled = _with_roll(_consultation(agency, "empadronada", "public"), people["citizen"].email)
    world.districts = _with_districts(_consultation(agency, "barrial", "public"), fresh(agency.owner))
    world.document = _with_versions(world.public, fresh(agency.owner))
    world.document_in_draft = _with_versions(world.draft, fresh(agency.owner), publish=False)
    world.placement = _changed_annotation(world)
    _tell_the_citizen(world)
    _moderate(world)
    for name, user in people.items():
        if user.is_authenticated:
            people[name] = fresh(user)
    return world


def _follow_up(world, editor):
    """A pledge from the proposal, with a milestone and a report with a photo; one in the private consultation."""
    world.pledge = Pledge.objects.create(
        consultation=world.proposal.consultation, proposal=world.proposal, title="Una plaza", promised_cents=1_000_00
    )
    world.milestone = add_milestone(pledge=world.pledge, actor=editor, title="Licitación")
    words = {"status": "in_progress", "body": "Se publicó.", "alt": "El cartel"}
    world.report = report(milestone=world.milestone, actor=editor, photo=picture(), **words)
    world.secret_pledge = create_pledge(
        consultation=Consultation.objects.get(pk=world.private.pk), actor=editor, title="Meta"
    )


def _with_versions(consultation, editor, *, publish=True):
    """A draft text with one published version and the draft of the next, or with a first draft; ``first`` article."""
    consultation = Consultation.objects.get(pk=consultation.pk)
    articles = [Part(label="Artículo 1", body="Uno. Dos."), Part(label="Artículo 2", body="Tres.")]
    document = create_document(consultation=consultation, actor=editor, title="Arbolado", articles=articles)
    if publish:
        publish_version(version=document.versions.get(), actor=editor, known_revision=0)
    document.following = start_draft(document=document, actor=editor)
    document.first = document.versions.first().articles.first()
    return document


def _changed_annotation(world):
    """Of the citizen, on words that were changed."""
    words = {
        "article": world.document.first,
        "start": 0,
        "end": 4,
        "exact": "Uno.",
        "purpose": "comment",
        "body": "Sí.",
    }
    placement = annotate(**words, actor=world.people["citizen"]).annotation.placements.get()
    Placement.objects.filter(pk=placement.pk).update(state=Placement.State.TEXT_CHANGED)
    return placement


def _tell_the_citizen(world):
    with transaction.atomic():
        tell("mention", to=[world.people["citizen"].pk], key="a mention", url="/", name="Ana", title="Publica")
    world.notice = world.people["citizen"].notices.exclude(kind="co_author_invited").get()
    world.notice_in_mail = opening(world.notice)
    world.unsubscribe = unsubscribing.address(world.people["citizen"], world.public.pk)


def _with_districts(consultation, owner):
    """A budget of one district, in which everybody chooses where they vote, with a vote of its own."""
    Budget.objects.create(consultation_id=consultation.pk, amount_cents=100_00)
    consultation = Consultation.objects.get(pk=consultation.pk)
    district = District.objects.create(consultation=consultation, position=1, name="Centro", amount_cents=100_00)
    ProposalFactory(consultation=consultation, district=district, cost_cents=50_00)
    [poll] = open_district_polls(consultation=consultation, actor=owner, question="¿Qué?", method="greedy")
    consultation.poll, consultation.option, consultation.district = poll, poll.options.get(), district
    ProposalFactory(
        consultation=consultation,
        district=District.objects.create(consultation=consultation, position=2, name="Norte", amount_cents=100_00),
        cost_cents=50_00,
    )
    return consultation


def _with_roll(consultation, email):
    """The citizen's e-mail and a document number are on its roll, and one more list waits to be confirmed."""
    consultation = Consultation.objects.get(pk=consultation.pk)
    load(upload=stage(consultation=consultation, content=f"email;dni\n{email};\n;12345678\n", actor=None), actor=None)
    consultation.upload = stage(consultation=consultation, content="nueva@example.org", actor=None)
    consultation.poll = consultation.polls.get()
    consultation.option = consultation.poll.options.first()
    return consultation


def _moderate(world):
    """In the public consultation: what waits, what was decided about the author, an appeal, and a blocked account."""
    public, author = Consultation.objects.get(pk=world.public.pk), world.people["author"]
    moderator = fresh(world.people["moderator"])
    world.said, removed, contested, world.held = (
        add_comment(consultation=public, actor=author, body=f"Comentario {n}.") for n in range(4)
    )
    Comment.objects.filter(pk=world.held.pk).update(held_at=database_now())
    world.decision = hide(target=removed, actor=moderator, ground="spam")
    world.appealed = hide(target=contested, actor=moderator, ground="spam")
    appeal(decision=world.appealed, actor=author, words="No es publicidad.")
    world.blocked = UserFactory(name="Bloqueada")
    block(consultation=public, user=world.blocked, actor=moderator, ground="insult")
    world.block = public.blocks.get()


def _consultation(agency, slug, visibility, *, now_in="voting", publish=True, results="live"):
    owner = fresh(agency.members.get(memberships__roles__contains=["owner"]))
    consultation = create_consultation(
        agency=agency,
        title=slug.title(),
        summary="De qué se trata.",
        body="El texto.",
        slug=slug,
        visibility=visibility,
        actor=owner,
        phases=phases_around(now_in),
    )
    if publish:
        publish_consultation(consultation=consultation, actor=owner)
    owner = fresh(owner)
    consultation.picture = set_cover(consultation=consultation, actor=owner, picture=picture(), alt="La plaza")
    consultation.paper = attach(consultation=consultation, actor=owner, file=upload("plan.pdf", PDF), title="El plan")
    if now_in == "over":
        return consultation
    consultation.poll = open_poll(
        consultation=consultation, question="¿Sí?", method="for_against_abstain", results_policy=results, actor=owner
    )
    consultation.option = consultation.poll.options.first()
    if publish:
        consultation.comment = add_comment(consultation=consultation, actor=owner, body="Un comentario.")
        flag(target=consultation.comment, actor=owner, ground="other")
    return consultation
