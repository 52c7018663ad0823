"""Who lives in Villa Serena, and who works for it. STAFF and CITIZENS log in with PASSWORD."""

import random
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.text import slugify

from accounts.models import Agency, Role

PASSWORD = "asamblea-demo"  # noqa: S105 (known to everybody: the command refuses to run in production)
CITIZEN_COUNT = 600
NAMES = Path(__file__).parent / "names.toml"


@dataclass(frozen=True)
class DemoAgency:
    slug: str
    name: str
    description: str
    kind: Agency.Kind = Agency.Kind.AGENCY


@dataclass(frozen=True)
class DemoPerson:
    """Somebody with a log-in. ``works_for``: agency's slug -> roles. ``sent_by``: for whom they sit in a community."""

    email: str
    name: str
    works_for: dict[str, list[Role]] = field(default_factory=dict)
    sent_by: str = ""
    is_administrator: bool = False


COMMUNITY = "gobierno-abierto"

AGENCIES = [
    DemoAgency(
        "obras",
        "Secretaría de Obras y Espacio Público",
        "Plazas, veredas, arbolado y edificios municipales de Villa Serena.",
    ),
    DemoAgency(
        "movilidad",
        "Secretaría de Movilidad",
        "Colectivos, bicisendas, estacionamiento y seguridad vial en Villa Serena.",
    ),
    DemoAgency(
        "participacion",
        "Dirección de Participación Ciudadana",
        "Presupuesto participativo, audiencias públicas y todo lo que se decide con los vecinos.",
    ),
    DemoAgency(
        COMMUNITY,
        "Red de Gobierno Abierto",
        "Personas de varias secretarías que preparan juntas lo que después se somete a consulta.",
        Agency.Kind.COMMUNITY,
    ),
]

# The first owner of each agency comes before its other people.
STAFF = [
    DemoPerson("ana@obras.example", "Ana Ferreyra", {"obras": [Role.OWNER], COMMUNITY: [Role.MEMBER]}, sent_by="obras"),
    DemoPerson(
        "marta@movilidad.example",
        "Marta Oviedo",
        {"movilidad": [Role.OWNER], COMMUNITY: [Role.MEMBER]},
        sent_by="movilidad",
    ),
    DemoPerson(
        "raul@participacion.example",
        "Raúl Paz",
        {"participacion": [Role.OWNER], COMMUNITY: [Role.OWNER]},
        sent_by="participacion",
    ),
    DemoPerson(
        "gustavo@obras.example",
        "Gustavo Lezcano",
        {"obras": [Role.EDITOR], COMMUNITY: [Role.MEMBER]},
        sent_by="obras",
    ),
    DemoPerson(
        "bruno@movilidad.example",
        "Bruno Maidana",
        {"movilidad": [Role.EDITOR], COMMUNITY: [Role.EDITOR]},
        sent_by="movilidad",
    ),
    DemoPerson(
        "ines@participacion.example",
        "Inés Villalba",
        {"participacion": [Role.EDITOR], COMMUNITY: [Role.MEMBER]},
        sent_by="participacion",
    ),
    DemoPerson(
        "carla@participacion.example",
        "Carla Quispe",
        {"participacion": [Role.MODERATOR], COMMUNITY: [Role.MODERATOR]},
        sent_by="participacion",
    ),
    DemoPerson("damian@participacion.example", "Damián Roldán", {"participacion": [Role.ANALYST]}),
    DemoPerson(
        "elena@obras.example", "Elena Sosa", {"obras": [Role.MEMBER], COMMUNITY: [Role.MEMBER]}, sent_by="obras"
    ),
    DemoPerson("nadia@villaserena.example", "Nadia Acuña", is_administrator=True),
]

EAGER = "lucia@vecinos.example"  # has voted wherever citizens could
SILENT = "tomas@vecinos.example"  # has neither voted nor said anything, so that whoever tries it out can

CITIZENS = [DemoPerson(EAGER, "Lucía Benítez"), DemoPerson(SILENT, "Tomás Aguirre")]

# What `manage.py demo` prints: (e-mail, who that is).
DEMO_LOGINS = [
    ("ana@obras.example", "owner of Obras"),
    ("bruno@movilidad.example", "editor of Movilidad"),
    ("ines@participacion.example", "editor of Participación Ciudadana"),
    ("carla@participacion.example", "moderator of Participación Ciudadana"),
    ("damian@participacion.example", "analyst of Participación Ciudadana"),
    ("elena@obras.example", "member of Obras, and of the community Red de Gobierno Abierto"),
    ("nadia@villaserena.example", "administrator: creates agencies, appoints their owners"),
    (EAGER, "citizen who has voted"),
    (SILENT, "citizen who has not voted yet"),
]


def citizens() -> list[DemoPerson]:
    """CITIZENS and many more, each with a name of their own."""
    names = tomllib.loads(NAMES.read_text(encoding="utf-8"))
    made = []
    for n in range(CITIZEN_COUNT - len(CITIZENS)):
        first = names["first"][n % len(names["first"])]
        # One place further after each round through the first names: no pair comes twice.
        last = names["last"][(n * 7 + n // len(names["first"])) % len(names["last"])]
        made.append(DemoPerson(f"{slugify(first)}.{slugify(last)}@vecinos.example", f"{first} {last}"))
    random.Random(1).shuffle(made)
    return [*CITIZENS, *made]
