import type { Drawing } from "../diagram.ts";
import type { Translate } from "../language/translate.ts";
import type { Language, Problem } from "../vocabulary.ts";

/** Where a case stands, by element and flow ids of its diagram. Ids that the drawing lacks are left out. */
export interface CasePosition {
  readonly active: readonly string[];
  readonly completed: readonly string[];
  readonly flows: readonly string[];
  readonly incidents: readonly string[];
}

const problemOverlay = "jieli-problem";
const caseOverlay = "jieli-case";

/** Shows one badge on each element with problems; a badge is a button that selects its element. */
export function showProblems(
  drawing: Drawing,
  problems: readonly Problem[],
  language: Language,
  translate: Translate,
): void {
  const overlays = drawing.get("overlays");
  overlays.remove({ type: problemOverlay });
  for (const [id, found] of groupByElement(problems)) {
    const element = drawing.get("elementRegistry").get(id);
    if (!element || element === drawing.get("canvas").getRootElement()) continue;
    const severity = found.some((problem) => problem.severity === "error") ? "error" : "warning";
    const badge = document.createElement("button");
    badge.type = "button";
    badge.className = `jieli-problem jieli-problem-${severity}`;
    badge.textContent = severity === "error" ? "✕" : "!";
    badge.title = found.map((problem) => problem.message[language]).join("\n");
    badge.setAttribute("aria-label", translate("{count} problems: {text}", { count: found.length, text: badge.title }));
    badge.addEventListener("click", () => drawing.get("selection").select(element));
    overlays.add(id, problemOverlay, { position: { top: -9, left: -9 }, html: badge });
  }
}

/** Replaces the marks of a case: green tick for done, blue outline for now, red for an incident, taken flows in green. */
export function markCase(
  drawing: Drawing,
  position: CasePosition,
  previous: CasePosition | null,
  translate: Translate,
): void {
  const canvas = drawing.get("canvas");
  const overlays = drawing.get("overlays");
  overlays.remove({ type: caseOverlay });
  if (previous) for (const [id, marker] of markers(drawing, previous)) canvas.removeMarker(id, marker);
  for (const [id, marker] of markers(drawing, position)) canvas.addMarker(id, marker);
  const now = new Set([...position.active, ...position.incidents]);
  const badges = [
    ...position.completed
      .filter((id) => !now.has(id))
      .map((id) => [id, "completed", "✓", translate("Completed")] as const),
    ...position.active
      .filter((id) => !position.incidents.includes(id))
      .map((id) => [id, "active", "▶", translate("In progress")] as const),
    ...position.incidents.map((id) => [id, "incident", "!", translate("Incident")] as const),
  ];
  for (const [id, kind, sign, words] of badges) {
    if (!drawing.get("elementRegistry").get(id)) continue;
    const badge = document.createElement("span");
    badge.className = `jieli-badge jieli-badge-${kind}`;
    badge.textContent = sign;
    badge.title = words;
    overlays.add(id, caseOverlay, { position: { top: -10, right: 10 }, html: badge });
  }
}

function markers(drawing: Drawing, position: CasePosition): readonly (readonly [string, string])[] {
  return [
    ...position.completed.map((id) => [id, "jieli-completed"] as const),
    ...position.flows.map((id) => [id, "jieli-taken"] as const),
    ...position.active.map((id) => [id, "jieli-active"] as const),
    ...position.incidents.map((id) => [id, "jieli-incident"] as const),
  ].filter(([id]) => drawing.get("elementRegistry").get(id) !== undefined);
}

function groupByElement(problems: readonly Problem[]): ReadonlyMap<string, readonly Problem[]> {
  const groups = new Map<string, Problem[]>();
  for (const problem of problems) {
    if (problem.element === null) continue;
    const group = groups.get(problem.element);
    if (group) group.push(problem);
    else groups.set(problem.element, [problem]);
  }
  return groups;
}
