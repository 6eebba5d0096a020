"""The inspection of a card as its form shows it: every point of the template with what was found."""

from dataclasses import dataclass, field

from apps.verticals.workshop.models import InspectionPoint, InspectionTemplate, JobCard

Rating = InspectionPoint.Rating


@dataclass(slots=True)
class SheetPoint:
    """One point to look at; `found` is its finding, once there is one; `photos` are its pictures as shown."""

    code: str
    name: str
    found: InspectionPoint | None = None
    photos: list[dict[str, str]] = field(default_factory=list)

    @property
    def rating(self) -> str:
        return self.found.rating if self.found else ""


@dataclass(slots=True)
class SheetGroup:
    name: str
    points: list[SheetPoint] = field(default_factory=list)

    @property
    def open_count(self) -> int:
        """Points that nobody has looked at yet."""
        return sum(1 for point in self.points if point.found is None)


@dataclass(slots=True)
class Sheet:
    groups: list[SheetGroup]
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(len(group.points) for group in self.groups)

    @property
    def done(self) -> int:
        return sum(self.counts.values())

    @property
    def needs_work(self) -> int:
        """Yellow and red points."""
        return self.counts[Rating.YELLOW] + self.counts[Rating.RED]


def find_template(card: JobCard) -> InspectionTemplate | None:
    """The garage's list of points, None where it has none."""
    return InspectionTemplate.objects.filter(organization_id=card.organization_id, is_default=True).first()


def inspection_sheet(card: JobCard, template: InspectionTemplate | None, *, language: str = "vi") -> Sheet:
    """The template's points in groups with findings and photos; points that the template has no more stay visible."""
    found = {point.code: point for point in card.inspection_points.prefetch_related("photos__file")}
    groups: dict[str, SheetGroup] = {}
    counts = dict.fromkeys(Rating.values, 0)
    for point in found.values():
        counts[point.rating] += 1
    for row in template.points if template else []:
        name = row.get("name_en") if language == "en" else ""
        shown = SheetPoint(row["code"], name or row["name"], found.pop(row["code"], None))
        groups.setdefault(row["group"], SheetGroup(row["group"])).points.append(shown)
    for point in found.values():
        groups.setdefault(point.group, SheetGroup(point.group)).points.append(SheetPoint(point.code, point.name, point))
    return Sheet(list(groups.values()), counts)
