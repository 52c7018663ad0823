"""What an editor gives to put a question to the vote. The use cases of ``setting_up.py`` judge it."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Text
from consultations.budgets.ballot import eligible_for_ballot
from consultations.forms import MomentField
from consultations.models import Consultation, District, Proposal
from voting.methods import METHODS
from voting.models import Option, Poll
from voting.polls.method_words import WORDS
from voting.polls.rule_fields import NAMES, RuleFields, initial_rules, methods_with, rules_in

Form = TypeVar("Form", bound="PollForm")
MONEY_METHODS = [method for method in Poll.Method if METHODS[method].money]
LABEL_LENGTH = Option._meta.get_field("label").max_length or 0


def _explained(label: Text, words: Text) -> SafeString:
    return format_html('{}<span class="choice-hint">{}</span>', label, words)


explained = lazy(_explained, str)  # in the reader's language, not in that of the start


DISCLOSURE_HINTS: dict[Poll.Disclosure, Text] = {
    Poll.Disclosure.PUBLISHED: _(
        "Anybody can count again. But where people choose several things, most ballots are like nobody else's: of "
        "those with five choices in a real budget vote, 75 of 100 were unique. Whoever knows or guesses what somebody "
        "chose can find that ballot. Fit for questions with one choice."
    ),
    Poll.Disclosure.AUDITORS: _(
        "Observers whom you accredit count again, and the public checks that no ballot was lost or changed. Counts "
        "that are shown move in steps of ten people."
    ),
}


GROUPS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (_("One question"), ("for_against_abstain", "slider", "cause")),
    (_("One winner"), ("single_choice", "approval", "score", "cumulative", "irv", "schulze", "borda", "hierarchy")),
    (_("Several seats"), ("stv", "dhondt", "sainte_lague", "hare")),
    (
        _("Sharing out money"),
        ("greedy", "equal_shares", "greedy_threshold", "greedy_per_cost", "greedy_no_skip", "phragmen"),
    ),
)


class PollForm(RuleFields):
    """A question, how it is counted, what can be chosen, and when the count is shown."""

    question = forms.CharField(
        label=_("Question"),
        max_length=200,
        help_text=_("As you would ask it aloud. It cannot be changed once people vote."),
    )
    method = forms.ChoiceField(
        label=_("How people vote, and how it is counted"),
        widget=forms.RadioSelect,
        choices=[(method.value, explained(method.label, WORDS[method].when_to_use)) for method in Poll.Method],
        initial=Poll.Method.FOR_AGAINST_ABSTAIN,
    )
    options = forms.CharField(
        label=_("Options"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One on each line. Not needed for “For, against or abstain”, which has its own three."),
    )
    use_proposals = forms.BooleanField(
        label=_("The options are all the proposals of this consultation, hidden ones left out"),
        required=False,
        help_text=_("Where money is shared out: those that have a cost, without what the review found not feasible."),
    )
    results_policy = forms.ChoiceField(
        label=_("When the count is shown"),
        widget=forms.RadioSelect,
        choices=Poll.ResultsPolicy.choices,
        initial=Poll.ResultsPolicy.AFTER_CLOSE,
        help_text=_(
            "Nobody sees it before, in the agency neither. A count that is shown early can sway those who come later."
        ),
    )

    embargo_until = MomentField(
        label=_("Results not before"), help_text=_("Only with an embargo. Everybody waits, the agency too.")
    )
    is_binding = forms.BooleanField(
        label=_("The agency binds itself to the outcome"),
        required=False,
        help_text=_("Then no count is shown before the close: one that is shown early can sway those who come later."),
    )
    disclosure = forms.ChoiceField(
        label=_("Who sees single ballots, without names, after the close"),
        widget=forms.RadioSelect,
        choices=[(each.value, explained(each.label, DISCLOSURE_HINTS[each])) for each in Poll.Disclosure],
        initial=Poll.Disclosure.PUBLISHED,
        required=False,  # published, where a program does not say
    )

    def __init__(self, *args: Any, consultation: Consultation, district: District | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.consultation, self.district = consultation, district

    field_order = ("question", "method", *NAMES, "options", "use_proposals")

    @property
    def chosen_method(self) -> str:
        """The one whose settings are shown."""
        method = str(self["method"].value() or "")
        return method if method in Poll.Method.values else str(Poll.Method.FOR_AGAINST_ABSTAIN)

    @property
    def method_groups(self) -> list[dict[str, Any]]:
        """The methods as they are listed, the group of the chosen one open."""
        rows = {row.data["value"]: row for row in self["method"]}
        return [
            {"title": title, "rows": [rows[code] for code in codes], "is_open": self.chosen_method in codes}
            for title, codes in self.groups
        ]

    @property
    def groups(self) -> tuple[tuple[Text, tuple[str, ...]], ...]:
        """Of all the methods that may be chosen."""
        return GROUPS

    @property
    def rule_rows(self) -> list[dict[str, Any]]:
        """The fields of methods, each with the methods that it is for."""
        return [
            {
                "field": self[name],
                "methods": " ".join(methods_with(name)),
                "is_shown": self.chosen_method in methods_with(name) or bool(self.errors.get(name)),
            }
            for name in NAMES
        ]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        """After the method and its settings."""
        return [bound for bound in self if bound.name not in (*NAMES, "question", "method")]

    def clean_options(self) -> list[str]:
        """The lines that are not empty."""
        lines = [" ".join(line.split()) for line in self.cleaned_data["options"].splitlines()]
        labels = [line for line in lines if line]
        if any(len(label) > LABEL_LENGTH for label in labels):
            raise forms.ValidationError(_("One option has more than 300 characters. Shorten it."), code="long_option")
        return labels

    def clean(self) -> None:
        if self.cleaned_data.get("use_proposals") and self.cleaned_data.get("options"):
            self.add_error("options", _("Choose the proposals or write options, not both."))
        elif self.cleaned_data.get("method") == Poll.Method.FOR_AGAINST_ABSTAIN:
            self._refuse_options()
        elif self.cleaned_data.get("method") in MONEY_METHODS and hasattr(self.consultation, "budget"):
            self._check_money()

    def _check_money(self) -> None:
        """Money goes to proposals with a cost; and where districts have money of their own, each has a vote."""
        if self.district is None and self.consultation.districts.exists():
            self.add_error(
                "method", _("This budget has districts with money of their own: set up their votes instead.")
            )
        elif self.cleaned_data.get("options"):
            self.add_error("options", _("What is written here has no cost. Choose the proposals instead, just below."))
        elif self.cleaned_data.get("use_proposals") and len(self._proposals(with_cost=True)) < (
            1 if self.district else 2
        ):
            self.add_error("use_proposals", _("Too few proposals have a cost to choose among. Give them theirs first."))

    def _refuse_options(self) -> None:
        """Say that they would be lost: the method stands first and chosen, so that one easily forgets to change it."""
        fault = _("“For, against or abstain” has its own three. Choose another way to vote above, or leave this empty.")
        for name in ("options", "use_proposals"):
            if self.cleaned_data.get(name):
                self.add_error(name, fault)

    def arguments(self) -> dict[str, Any]:
        """What the use cases take."""
        given = self.cleaned_data
        return {
            "question": " ".join(given["question"].split()),
            "method": given["method"],
            "options": self._options(given),
            "max_choices": given["max_choices"],
            "max_points": given["max_points"] or 1,
            "rules": rules_in(given),
            "results_policy": given["results_policy"],
            "embargo_until": given["embargo_until"],
            "is_binding": given["is_binding"],
            "disclosure": given["disclosure"] or Poll.Disclosure.PUBLISHED,
        }

    def _options(self, given: dict[str, Any]) -> Sequence[str | Proposal]:
        if given["method"] == Poll.Method.FOR_AGAINST_ABSTAIN:
            return []
        if given["use_proposals"]:
            return self._proposals(with_cost=given["method"] in MONEY_METHODS)
        return given["options"]

    def _proposals(self, *, with_cost: bool) -> list[Proposal]:
        """Of the district, where there is one."""
        if with_cost or self.district is not None:
            return list(eligible_for_ballot(self.consultation, self.district).order_by("pk"))
        return list(self.consultation.proposals.shown().order_by("pk"))


def initial_of(poll: Poll) -> dict[str, Any]:
    """What the form shows of a poll that exists."""
    options = [option for option in poll.options.all() if not option.kind]
    has_proposals = any(option.proposal_id for option in options)
    return {
        "question": poll.question,
        "method": poll.method,
        "options": "" if has_proposals else "\n".join(option.label for option in options),
        "use_proposals": has_proposals,
        **initial_rules(poll),
        "results_policy": poll.results_policy,
        "embargo_until": poll.embargo_until,
        "is_binding": poll.is_binding,
        "disclosure": poll.disclosure,
    }


def form_as_typed(form: Form) -> Form:
    """The same with what was typed so far, and without its faults: nobody has sent it yet."""
    typed = {name: field.widget.value_from_datadict(form.data, form.files, name) for name, field in form.fields.items()}
    return type(form)(initial=typed, consultation=form.consultation, district=form.district)
