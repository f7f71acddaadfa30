import type { FlowNode, ProcessModel } from "../../model/process-model.ts";
import type { Directory } from "../../routing/organisations.ts";
import type { Scenario } from "./scenario.ts";
import { SimulationError } from "./simulation-error.ts";

/** Nodes of a process and of those that it calls, by id; the process's own come first. */
export function nodesOf(model: ProcessModel, called: ReadonlyMap<string, ProcessModel>): ReadonlyMap<string, FlowNode> {
  const nodes = new Map<string, FlowNode>(model.elements);
  const seen = new Set([model.id]);
  const open = [...model.calls];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const process = called.get(id);
    if (!process || seen.has(id)) continue;
    seen.add(id);
    for (const [element, node] of process.elements) if (!nodes.has(element)) nodes.set(element, node);
    open.push(...process.calls);
  }
  return nodes;
}

/** Refuses a scenario that names what the process does not have. Throws `SimulationError`. */
export function checkScenario(
  scenario: Scenario,
  nodes: ReadonlyMap<string, FlowNode>,
  directory: Directory | null,
): void {
  const ofKind = (kind: FlowNode["kind"]) => [...nodes.values()].filter((node) => node.kind === kind);
  for (const [element, plan] of Object.entries(scenario.steps)) {
    const node = nodes.get(element);
    if (node?.kind !== "userTask") throw unknownStep(`steps.${element}`, ofKind("userTask"));
    for (const [index, { outcome }] of (plan.outcomes ?? []).entries())
      if (!node.outcomes.includes(outcome)) throw unknownOutcome(`steps.${element}.outcomes.${index}`, node.outcomes);
  }
  for (const element of Object.keys(scenario.jobs)) {
    const node = nodes.get(element);
    const jobs = [...nodes.values()].filter((candidate) => "topic" in candidate && candidate.kind !== "userTask");
    if (!node || !jobs.includes(node)) throw unknownStep(`jobs.${element}`, jobs);
  }
  for (const [index, { organisation }] of scenario.officials.counts.entries())
    if (organisation !== undefined && directory && !directory.organisations.has(organisation))
      throw unknownOrganisation(`officials.counts.${index}.organisation`, organisation);
  if (scenario.arrivals.type === "times" && scenario.arrivals.times.length < scenario.cases)
    throw new SimulationError(
      "TIMES_TOO_FEW",
      "arrivals.times",
      {
        zh: `共 ${scenario.cases} 件，只给出 ${scenario.arrivals.times.length} 个到达时刻`,
        en: `${scenario.cases} cases but only ${scenario.arrivals.times.length} times`,
      },
      { zh: "请补足时刻，或减少 cases", en: "Give a time for each case, or fewer cases" },
    );
}

function unknownStep(place: string, known: readonly FlowNode[]): SimulationError {
  const list = known.map(({ id }) => id).join(", ");
  return new SimulationError(
    "STEP_UNKNOWN",
    place,
    { zh: "流程中没有这个环节", en: "the process has no such step" },
    { zh: `可用：${list}`, en: `Use one of ${list}` },
  );
}

function unknownOutcome(place: string, known: readonly string[]): SimulationError {
  const list = known.join(", ");
  return new SimulationError(
    "OUTCOME_UNKNOWN",
    place,
    { zh: "该环节没有这个结论", en: "the step has no such outcome" },
    { zh: `可用：${list}`, en: `Use one of ${list}` },
  );
}

function unknownOrganisation(place: string, organisation: string): SimulationError {
  return new SimulationError(
    "OFFICIALS_UNKNOWN",
    place,
    { zh: `没有单位 ${organisation}`, en: `there is no organisation ${organisation}` },
    { zh: "请改用组织机构清单中的单位编号", en: "Use an id of the list of organisations" },
  );
}
