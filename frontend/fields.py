"""How a Django form's field becomes our field: which shape it has, and what describes it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

CHOOSE_AGAIN = _("Choose the file again: a browser does not keep it.")


@dataclass(frozen=True)
class Fault:
    """One error of a form. Label and anchor (the id of the control to go to) are empty for the form as a whole."""

    message: str
    label: str
    anchor: str


def context(bound: BoundField, *, label: str, hint: str) -> dict[str, Any]:
    """What ``components/field.html`` shows. ``shape`` is "line", "tick" (one checkbox) or "rows" (a set of choices)."""
    shape = shape_of(bound)
    hint = hint or str(bound.help_text)
    return {
        "field": bound,
        "shape": shape,
        "label": label or bound.label,
        "hint": hint,
        "hint_id": f"{bound.auto_id}_helptext",
        "error_id": f"{bound.auto_id}_error",
        "described_by": described_by(bound, hint),
        "errors": errors_of(bound),
        "control": control(bound, hint) if shape != "rows" else "",
        "is_optional": shape == "line" and getattr(bound.field, "is_optional", not bound.field.required),
    }


def shape_of(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "rows"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "line"


def errors_of(bound: BoundField) -> list[str]:
    """What is wrong with a field; of a file, also that it went with a form that was refused for something else."""
    found = [str(message) for message in bound.errors]
    if not found and bound.form.errors and bound.html_name in bound.form.files:
        found.append(str(CHOOSE_AGAIN))
    return found


def described_by(bound: BoundField, hint: str) -> str:
    """The ids of what explains a field: its hint, and its error if there is one."""
    ids = [f"{bound.auto_id}_helptext"] if hint else []
    return " ".join(ids + ([f"{bound.auto_id}_error"] if errors_of(bound) else []))


def control(bound: BoundField, hint: str) -> SafeString:
    # A placeholder that repeats the label is too pale to read and gone when one types: allauth has them everywhere.
    attrs: dict[str, Any] = {"placeholder": False} if "placeholder" in bound.field.widget.attrs else {}
    if "maxlength" in bound.field.widget.attrs:
        attrs["maxlength"] = False  # a browser cuts what is pasted without a word: the form says it, and keeps it all
    if describes := described_by(bound, hint):
        attrs["aria-describedby"] = describes
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return bound.as_widget(attrs=attrs)


def faults(form: BaseForm) -> list[Fault]:
    """Every error of a bound form, in the order of its fields; errors of the whole form come first."""
    found = [Fault(str(message), "", "") for message in form.non_field_errors()]
    for bound in form:
        anchor = bound.id_for_label or bound.auto_id
        if shape_of(bound) == "rows":
            anchor = f"{bound.auto_id}_0"  # a set of choices is no control: go to its first row
        found.extend(Fault(message, strip_tags(str(bound.label or "")), str(anchor)) for message in errors_of(bound))
    return found
