import { startClock } from "../../engine/calendar/clock.ts";
import { localDate } from "../../engine/calendar/dates.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import type { Activity, FlowNode, ProcessModel } from "../../engine/model/process-model.ts";
import { RouteError } from "../../engine/routing/errors.ts";
import type { Route } from "../../engine/routing/types.ts";
import type { RoutePreview } from "../api/applications/applications.schema.ts";
import { organisationOf } from "../api/present.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { notFound } from "../runtime/errors.ts";
import { plainRequest } from "./case-variables.ts";
import { planCase } from "./applications.ts";

/** Which way an application would go and why, by the very evaluator that will run it. Starts nothing. */
export async function previewRoute(
  runtime: Runtime,
  resourceId: string,
  organisationId: string,
  request: Readonly<Record<string, unknown>>,
): Promise<RoutePreview> {
  const now = runtime.clock.now();
  const ruleSet = await runtime.rules.current(now);
  const planned = planCase(runtime, resourceId, organisationId, { ...plainRequest, ...request });
  const definition = await runtime.models.newest(planned.process);
  if (!definition) throw notFound();
  const model = await runtime.models.get(definition.definitionId);
  const called = await runtime.models.called(model, { state: null, startedAt: now });
  const route = await runtime.rules.route(ruleSet.id, planned.process, localDate(now));
  const hops = planned.hops.map((id) => organisationOf(runtime, id));
  const steps = stepsOf(model).flatMap((node) =>
    node.kind === "callActivity"
      ? hops.flatMap((hop) =>
          stepsOf(called.resolve(node.calledProcess, { binding: node.binding })?.model ?? null).map((inner) =>
            presentStep(route, inner, {
              ...planned.variables,
              hop: { organisation: hop.id, region: hop.region, level: hop.level },
            }),
          ),
        )
      : [presentStep(route, node, planned.variables)],
  );
  return {
    process: { key: planned.process, name: definition.name },
    sentence: {
      zh: `适用流程“${definition.name.zh}”第 ${definition.version} 版${hops.length > 0 ? `，经 ${hops.map((hop) => hop.name.zh).join("、")} 逐级转报` : ""}。`,
      en: `The process “${planned.process}” applies${hops.length > 0 ? `, forwarded by ${hops.map((hop) => hop.name.en).join(", ")}` : ""}.`,
    },
    hops,
    steps,
    endToEnd: endToEnd(runtime, route, model, planned.variables, now),
  };
}

/** Steps that somebody answers for, in the order in which the document draws them; chasing and side steps left out. */
function stepsOf(model: ProcessModel | null): readonly Activity[] {
  const side = new Set(["escalate", "supplement", "approve-extension", "fix-obstacle", "refusal-notice"]);
  const isStep = (node: FlowNode): node is Activity =>
    "multiInstance" in node &&
    (node.kind === "callActivity" || ((node.at !== null || node.limit !== null) && !side.has(node.step)));
  return model ? [...model.elements.values()].filter(isStep) : [];
}

function presentStep(route: Route, node: Activity, variables: Variables): RoutePreview["steps"][number] {
  const name = { zh: node.name ?? node.id, en: node.documentation ?? node.name ?? node.id };
  try {
    const decision = route(
      { element: node.id, step: node.step, at: node.at, role: node.role, limit: node.limit },
      variables,
    );
    const { limit } = decision;
    return {
      element: node.id,
      name,
      organisation: decision.organisation,
      perform: decision.perform,
      limit: limit ? { code: limit.code, value: limit.value, unit: limit.unit, verified: limit.verified } : null,
      explanation: JSON.parse(JSON.stringify(decision.explanation)) as RoutePreview["steps"][number]["explanation"],
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof RouteError)) throw error;
    return {
      element: node.id,
      name,
      organisation: null,
      perform: true,
      limit: null,
      explanation: null,
      problem: error.sentence,
    };
  }
}

function endToEnd(
  runtime: Runtime,
  route: Route,
  model: ProcessModel,
  variables: Variables,
  now: string,
): RoutePreview["endToEnd"] {
  if (!model.limit) return null;
  const { limit } = route(
    { element: model.id, step: model.id, at: "applicantAuthority", role: null, limit: model.limit },
    variables,
  );
  if (!limit) return null;
  const clock = startClock(limit, runtime.rules.calendar(limit.calendarRegion), now);
  return { value: limit.value, unit: limit.unit, dueAt: clock.dueAt, confidence: clock.dueConfidence };
}
