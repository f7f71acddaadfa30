import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HeadlessCase } from "../../engine/analysis/headless-case.ts";
import { HeadlessWorld } from "../../engine/analysis/headless-world.ts";
import { happeningOf, Recording } from "../../engine/analysis/second-opinion/recording.ts";
import { becameTrue } from "../../engine/analysis/second-opinion/scenarios.ts";
import { ourStep } from "../../engine/analysis/second-opinion/our-core.ts";
import type {
  Happening,
  Scenario,
  ScenarioStep,
  Subject,
  Trace,
  TraceStep,
} from "../../engine/analysis/second-opinion/scenario.ts";
import { feel } from "../../engine/execution/evaluator.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { applyStep } from "../../bin/run/apply-step.ts";
import { journalFaults } from "../support/journal.ts";
import { caseFile, type CaseStep, type OwnCase } from "./own-cases.schema.ts";

const folder = join(import.meta.dirname, "cases");
const now = "2026-01-05T01:00:00.000Z";

export interface OwnFile {
  /** `group/name`. */
  readonly name: string;
  readonly xml: string;
  readonly covers: readonly string[];
  readonly cases: readonly OwnCase[];
}

/** Our own case files, each a small BPMN file with scripts and what the specification makes of them. */
export function readOwnCases(): readonly OwnFile[] {
  return readdirSync(folder).flatMap((group) =>
    readdirSync(join(folder, group))
      .filter((file) => file.endsWith(".bpmn"))
      .map((file) => {
        const name = file.replace(/\.bpmn$/, "");
        const cases = readFileSync(join(folder, group, `${name}.cases.json`), "utf8");
        return {
          name: `${group}/${name}`,
          xml: readFileSync(join(folder, group, file), "utf8"),
          ...caseFile.parse(JSON.parse(cases)),
        };
      }),
  );
}

/** What a case came to, in the words of its file. */
export interface CaseOutcome {
  readonly status: string;
  readonly trace: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
  readonly instances: number;
}

/** Runs a case with its state reloaded from JSON at every step; throws where a step finds something else than it expects. */
export async function runOwnCase(file: OwnFile, own: OwnCase): Promise<CaseOutcome> {
  const { processes, problems } = await compileDefinitions(file.xml);
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map(({ element, message }) => `${element}: ${message.en}`).join("\n"));
  return own.process === null ? runAlone(processes, own) : runTogether(processes, own.process, own);
}

function runAlone(processes: readonly ProcessModel[], own: OwnCase): CaseOutcome {
  const [model] = processes;
  if (!model) throw new Error("the file holds no process");
  const journal: EngineEvent[] = [];
  const running = new HeadlessCase({
    model,
    called: new Map(processes.map((process) => [process.id, process])),
    now,
    route: null,
    clocks: null,
    reload: true,
    onEvents: (events) => journal.push(...events),
  });
  running.start(own.variables, own.startEvent);
  requireSound(running, journal);
  for (const step of own.steps) {
    alone(running, step);
    requireSound(running, journal);
  }
  return { status: statusOf(running), trace: completedIn(journal), variables: running.variables, instances: 1 };
}

/** Whatever the case is about, its state and its journal must tell the same. */
function requireSound(running: HeadlessCase, journal: readonly EngineEvent[]): void {
  const faults = journalFaults(running.state, journal);
  if (faults.length > 0) throw new Error(`state and journal differ: ${faults.join("; ")}`);
}

function alone(running: HeadlessCase, step: CaseStep): void {
  if ("open" in step) requireOpen([running], step.open);
  else if ("refused" in step) requireRefused(running, step);
  else if ("in" in step || "send" in step || "broadcast" in step) throw new Error("this step needs `process`");
  else applyStep(running, step);
}

/** A case as a scenario for other engines; what comes after the first thing that only our core can do is left out. */
export interface RecordedCase {
  readonly subject: Subject;
  readonly scenario: Scenario;
  /** What our core did while it was written down, with the case's real data. */
  readonly trace: Trace;
}

/** Incidents that have a counterpart elsewhere: what nobody catches, and a join that never fills. */
const comparable: ReadonlySet<string> = new Set(["ERROR_UNCAUGHT", "JOIN_NEVER_COMPLETES"]);

/** Writes down what happens in a case and what each expression gives; `null` where several instances talk. */
export async function recordOwnCase(file: OwnFile, own: OwnCase): Promise<RecordedCase | null> {
  const { processes } = await compileDefinitions(file.xml);
  const [model] = processes;
  if (!model || own.process !== null) return null;
  const subject = { model, called: new Map(processes.map((process) => [process.id, process])) };
  const recording = new Recording(feel, subject);
  const steps: ScenarioStep[] = [];
  const trace: TraceStep[] = [];
  let happens: Happening | null = null;
  let before: InstanceState | null = null;
  let over = false;
  const running = new HeadlessCase({
    ...subject,
    now,
    route: null,
    clocks: null,
    evaluator: recording,
    reload: false,
    onCommand: (command, state) => {
      before = state;
      happens = happeningOf(command, before);
    },
    onEvents: (events) => {
      const answers = recording.take();
      const fails = events.some((event) => event.type === "incident.raised" && !comparable.has(event.code));
      if (fails || !happens) over = true;
      if (over || !happens) return;
      steps.push({ happens, became: becameTrue(events), answers });
      trace.push(ourStep(subject, { before, after: running.state, events }).trace);
    },
  });
  running.start(own.variables, own.startEvent);
  for (const step of own.steps) {
    if (over) break;
    // A step that looks or is refused changes nothing; the others need several instances.
    if (!("open" in step || "refused" in step || "in" in step || "send" in step || "broadcast" in step))
      applyStep(running, step);
  }
  return steps.length === 0 ? null : { subject, scenario: { steps }, trace };
}

function runTogether(processes: readonly ProcessModel[], process: string, own: OwnCase): CaseOutcome {
  const trace: string[] = [];
  const world = new HeadlessWorld({
    models: processes,
    now,
    reload: true,
    onEvents: (id, events) => trace.push(...completedIn(events).map((element) => `${id}:${element}`)),
  });
  const first = world.start(process, own.variables, own.startEvent);
  for (const step of own.steps) together(world, step);
  return { status: statusOf(first), trace, variables: first.variables, instances: world.cases.length };
}

function together(world: HeadlessWorld, step: CaseStep): void {
  if ("open" in step) requireOpen(world.cases, step.open);
  else if ("send" in step) world.send(step.send, step.key, step.variables);
  else if ("broadcast" in step) world.broadcast(step.broadcast, {});
  else if ("in" in step) {
    const running = world.cases.findLast((candidate) => candidate.state.process === step.in);
    if (!running) throw new Error(`no instance of ${step.in} has started`);
    world.act(running, () => applyStep(running, step.step));
  } else if ("advanceTo" in step) world.advanceTo(step.advanceTo);
  else throw new Error("in a world a step names its process with `in`");
}

function requireOpen(cases: readonly HeadlessCase[], expected: readonly string[]): void {
  const open = cases
    .flatMap((running) => {
      const tokens = running.state.tokens;
      // What waits beside the work of an activity is told by the work itself.
      return running.waits.filter((wait) => {
        const element = tokens[wait.token]?.element;
        return element === wait.element || running.gatewayWaits(wait);
      });
    })
    .map(({ element }) => element);
  const [found, wanted] = [[...open].sort().join(" "), [...expected].sort().join(" ")];
  if (found !== wanted) throw new Error(`open are “${found}”, not “${wanted}”`);
}

function requireRefused(running: HeadlessCase, step: Extract<CaseStep, { refused: string }>): void {
  const before = JSON.stringify(running.state);
  try {
    applyStep(running, step.step);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : String(error);
    if (code !== step.refused) throw error;
    if (JSON.stringify(running.state) !== before)
      throw new Error("a refused step has changed the state", { cause: error });
    return;
  }
  throw new Error(`the step ${JSON.stringify(step.step)} was not refused`);
}

function completedIn(events: readonly EngineEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === "element.completed" ? [event.element] : []));
}

function statusOf(running: HeadlessCase): string {
  return running.state.status === "running" ? running.status : running.state.status;
}
