import { HeadlessCase } from "../../engine/analysis/headless-case.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import type { Wait } from "../../engine/execution/state.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";
import type { Route } from "../../engine/routing/types.ts";

/**
 * A BPMN file from its nodes (XML without flows) and its flows, one a line: `a -> b -> c`, `a -> b if amount > 3`,
 * `a -> b default`. Flow ids are `source_target`. Definitions beside the process go into `root`.
 */
export function bpmn(
  nodes: string,
  flows: string,
  options: { id?: string; attributes?: string; root?: string; more?: string } = {},
): string {
  const id = options.id ?? "p";
  const { xml, defaults } = flowXml(flows);
  const withDefaults = [...defaults].reduce(
    (text, [node, flow]) => text.replace(new RegExp(`(<bpmn:\\w+ id="${node}")`), `$1 default="${flow}"`),
    nodes,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:jieli="urn:jieli:bpmn:1" id="definitions" targetNamespace="urn:test">
${options.root ?? ""}
<bpmn:process id="${id}" isExecutable="true" ${options.attributes ?? ""}>
${withDefaults}
${xml}
</bpmn:process>
${options.more ?? ""}
</bpmn:definitions>`;
}

/** Sequence flows as XML, for the inside of a sub-process. */
export function flowXml(flows: string): { xml: string; defaults: ReadonlyMap<string, string> } {
  const defaults = new Map<string, string>();
  const lines = flows
    .split(/[\n;]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const xml = lines.flatMap((line) => {
    const [, path = "", condition, isDefault] = /^(.*?)(?:\s+if\s+(.*)|\s+(default))?$/.exec(line) ?? [];
    const stops = path.split("->").map((stop) => stop.trim());
    return stops.slice(1).map((target, index) => {
      const source = stops[index] ?? "";
      const flow = `${source}_${target}`;
      if (isDefault) defaults.set(source, flow);
      const body = condition
        ? `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${escape(condition)}</bpmn:conditionExpression>`
        : "";
      return `<bpmn:sequenceFlow id="${flow}" sourceRef="${source}" targetRef="${target}">${body}</bpmn:sequenceFlow>`;
    });
  });
  return { xml: xml.join("\n"), defaults };
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

export const startEvent = (id = "start") => `<bpmn:startEvent id="${id}"/>`;
export const endEvent = (id = "end") => `<bpmn:endEvent id="${id}"/>`;
export const userTask = (id: string, attributes = "", inner = "") =>
  `<bpmn:userTask id="${id}" name="${id}" ${attributes}>${inner}</bpmn:userTask>`;
export const gateway = (type: "exclusive" | "parallel" | "inclusive" | "eventBased", id: string) =>
  `<bpmn:${type}Gateway id="${id}"/>`;
export const timerBoundary = (id: string, host: string, duration: string, interrupting = true) =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="${host}" cancelActivity="${interrupting}"><bpmn:timerEventDefinition id="${id}_d"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">${duration}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>`;

export const testNow = "2026-01-05T01:00:00.000Z";

/** A case of the first process of the file, reloaded through JSON after every step, with everything that happened. */
export class TestCase {
  readonly events: EngineEvent[] = [];
  readonly running: HeadlessCase;

  private constructor(options: Omit<ConstructorParameters<typeof HeadlessCase>[0], "onEvents">) {
    this.running = new HeadlessCase({ ...options, onEvents: (events) => this.events.push(...events) });
  }

  static async open(
    xml: string,
    variables: Variables = {},
    options: { route?: Route; process?: string; startEvent?: string } = {},
  ): Promise<TestCase> {
    const { processes, problems } = await compileDefinitions(xml);
    const errors = problems.filter((problem) => problem.severity === "error");
    if (errors.length > 0)
      throw new Error(errors.map((problem) => `${problem.code} ${problem.element}: ${problem.message.en}`).join("\n"));
    const called = new Map(processes.map((process) => [process.id, process]));
    const model = called.get(options.process ?? processes[0]?.id ?? "");
    if (!model) throw new Error("the file holds no such process");
    const opened = new TestCase({
      model,
      called,
      now: testNow,
      route: options.route ?? null,
      clocks: null,
      reload: true,
    });
    opened.running.start(variables, options.startEvent ?? null);
    return opened;
  }

  /** Elements of the open user tasks, sorted. */
  get tasks(): string[] {
    return this.waits("task")
      .map((wait) => wait.element)
      .sort();
  }

  waits<T extends Wait["type"]>(type: T): Extract<Wait, { type: T }>[] {
    return this.running.waits.filter((wait): wait is Extract<Wait, { type: T }> => wait.type === type);
  }

  wait(type: Wait["type"], element: string, nth = 1): Wait {
    const found = this.waits(type).filter((wait) => wait.element === element)[nth - 1];
    if (!found)
      throw new Error(
        `no ${type} waits at ${element}; waiting: ${this.running.waits.map((wait) => `${wait.type} ${wait.element}`).join(", ")}`,
      );
    return found;
  }

  complete(element: string, outcome: string | null = null, variables: Variables = {}, nth = 1): this {
    this.running.apply({ type: "completeTask", wait: this.wait("task", element, nth).id, outcome, variables });
    return this;
  }

  /** `type element` of each event from `from` on, without the flows and variables that most tests do not ask about. */
  trace(...types: EngineEvent["type"][]): string[] {
    return this.events.filter((event) => types.includes(event.type)).map((event) => `${event.type} ${event.element}`);
  }

  completed(): string[] {
    return this.events.filter((event) => event.type === "element.completed").map((event) => event.element);
  }
}
