import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { z } from "zod";
import { HeadlessCase } from "../../engine/analysis/headless-case.ts";
import { CommandError } from "../../engine/execution/errors.ts";
import { parseInstant } from "../../engine/execution/iso-8601.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";
import type { Problem } from "../../engine/model/problems.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { applyStep } from "../run/apply-step.ts";
import { headlessRouting } from "../run/headless-routing.ts";
import { scriptStep, type ScriptStep } from "../run/script-step.ts";
import { UsageError } from "../usage.ts";

export const runUsage = `jieli run FILE.bpmn [MORE.bpmn …] [--process ID] [--vars JSON] [--script STEPS.json | --stdin] [--now ISO]
          [--trace] [--reload] [--auto-jobs] [--auto-tasks]
  Runs a process in memory and prints JSON lines: its events (--trace) and, last, the result.
  --reload writes the instance to JSON and reads it back between any two steps.`;

const automaticSteps = 10_000;

/** Exit codes: 0 ran, 1 the file is refused, 2 a step or argument does not fit. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      process: { type: "string" },
      vars: { type: "string", default: "{}" },
      script: { type: "string" },
      stdin: { type: "boolean", default: false },
      now: { type: "string" },
      trace: { type: "boolean", default: false },
      reload: { type: "boolean", default: false },
      "auto-jobs": { type: "boolean", default: false },
      "auto-tasks": { type: "boolean", default: false },
    },
  });
  if (positionals.length === 0) throw new UsageError(runUsage);
  const { models, problems } = await loadModels(positionals);
  if (models.length === 0) {
    print({
      type: "refused",
      problems: problems.map(({ code, element, message }) => ({
        code,
        element,
        message: message.en,
        messageZh: message.zh,
      })),
    });
    return 1;
  }
  const now = values.now === undefined ? new Date().toISOString() : parseInstant(values.now);
  if (now === null) throw new UsageError(`--now “${values.now}” is no ISO 8601 instant`);
  const model = chooseProcess(models, values.process);
  const variables = z.record(z.string(), z.json()).parse(JSON.parse(values.vars));
  const routing = await headlessRouting(model, variables, now);
  const running = new HeadlessCase({
    model,
    called: new Map(models.map((candidate) => [candidate.id, candidate])),
    now,
    ...routing,
    reload: values.reload,
    onEvents: (events) => {
      if (values.trace) events.forEach(print);
    },
  });
  const session = new Session(running, variables, values["auto-jobs"], values["auto-tasks"], values.stdin);
  const fitted = values.stdin ? await session.runLines() : await session.runAll(await readScript(values.script));
  if (fitted) session.printResult();
  return fitted ? 0 : 2;
}

async function loadModels(
  files: readonly string[],
): Promise<{ models: readonly ProcessModel[]; problems: readonly Problem[] }> {
  const compiled = await Promise.all(files.map(async (file) => compileDefinitions(await readFile(file, "utf8"))));
  const problems = compiled.flatMap((file) => file.problems.filter((found) => found.severity === "error"));
  return { models: problems.length > 0 ? [] : compiled.flatMap((file) => file.processes), problems };
}

/** The named process; else the first that no other one calls. */
function chooseProcess(models: readonly ProcessModel[], id: string | undefined): ProcessModel {
  const called = new Set(models.flatMap((model) => model.calls));
  const chosen =
    id === undefined
      ? (models.find((model) => !called.has(model.id)) ?? models[0])
      : models.find((model) => model.id === id);
  if (!chosen)
    throw new UsageError(
      `the files hold no process ${id ?? ""}; they hold ${models.map((model) => model.id).join(", ")}`,
    );
  return chosen;
}

async function readScript(file: string | undefined): Promise<readonly ScriptStep[]> {
  return file === undefined ? [] : z.array(scriptStep).parse(JSON.parse(await readFile(file, "utf8")));
}

/** One run: applies steps, prints what happens, and stops at the first step that does not fit. */
class Session {
  readonly #running: HeadlessCase;
  readonly #variables: Variables;
  readonly #autoJobs: boolean;
  readonly #autoTasks: boolean;
  readonly #interactive: boolean;
  #steps = 0;

  constructor(
    running: HeadlessCase,
    variables: Variables,
    autoJobs: boolean,
    autoTasks: boolean,
    interactive: boolean,
  ) {
    this.#running = running;
    this.#variables = variables;
    this.#autoJobs = autoJobs;
    this.#autoTasks = autoTasks;
    this.#interactive = interactive;
  }

  async runAll(steps: readonly ScriptStep[]): Promise<boolean> {
    return this.#attempt(() => this.#begin()) && steps.every((next) => this.#attempt(() => this.#apply(next)));
  }

  async runLines(): Promise<boolean> {
    if (!this.#attempt(() => this.#begin())) return false;
    for await (const line of createInterface({ input: process.stdin })) {
      if (line.trim() === "") continue;
      if (!this.#attempt(() => this.#apply(scriptStep.parse(JSON.parse(line))))) return false;
    }
    return true;
  }

  printResult(): void {
    const { status } = this.#running;
    print({
      type: "result",
      state: status === "running" ? "waiting" : status,
      waiting: this.#running.waits.map((wait) => ({ type: wait.type, id: wait.id, element: wait.element })),
      variables: this.#running.variables,
    });
  }

  #begin(): void {
    this.#running.start(this.#variables);
    this.#settle();
  }

  #apply(next: ScriptStep): void {
    applyStep(this.#running, next);
    this.#settle();
  }

  /** Completes what is to complete by itself, then tells what the case waits for. */
  #settle(): void {
    for (let count = 0; this.#completeNext(); count += 1) {
      if (count > automaticSteps)
        throw new CommandError("WAIT_NOT_FOUND", `more than ${automaticSteps} automatic steps; the process loops`);
    }
    if (this.#interactive) this.#printWaiting();
  }

  #completeNext(): boolean {
    const { waits } = this.#running;
    if (this.#running.state.status !== "running") return false;
    const job = this.#autoJobs ? waits.find((wait) => wait.type === "job") : undefined;
    if (job) this.#running.apply({ type: "completeJob", wait: job.id, variables: {} });
    const task = !job && this.#autoTasks ? waits.find((wait) => wait.type === "task") : undefined;
    if (task)
      this.#running.apply({
        type: "completeTask",
        wait: task.id,
        outcome: this.#running.outcomesAt(task)[0] ?? null,
        variables: {},
      });
    return Boolean(job ?? task);
  }

  #printWaiting(): void {
    const { waits, status } = this.#running;
    print({
      type: "waiting",
      state: status,
      tasks: waits.flatMap((wait) =>
        wait.type === "task" ? [{ id: wait.id, element: wait.element, name: this.#running.nameAt(wait) }] : [],
      ),
      jobs: waits.flatMap((wait) =>
        wait.type === "job" ? [{ id: wait.id, element: wait.element, topic: wait.topic }] : [],
      ),
      timers: waits.flatMap((wait) =>
        wait.type === "timer" ? [{ id: wait.id, element: wait.element, due: this.#running.dueOf(wait) }] : [],
      ),
      messages: waits.flatMap((wait) =>
        wait.type === "message"
          ? [{ id: wait.id, element: wait.element, name: wait.name, correlationKey: wait.correlationKey }]
          : [],
      ),
      signals: waits.flatMap((wait) =>
        wait.type === "signal" ? [{ id: wait.id, element: wait.element, name: wait.name }] : [],
      ),
    });
  }

  #attempt(action: () => void): boolean {
    this.#steps += 1;
    try {
      action();
      return true;
    } catch (error) {
      const fit = misfit(error);
      if (!fit) throw error;
      print({ type: "error", step: this.#steps - 1, ...fit });
      return false;
    }
  }
}

function misfit(error: unknown): { code: string; element: string | null; message: string } | null {
  if (error instanceof CommandError) return { code: error.code, element: error.element, message: error.message };
  if (error instanceof z.ZodError) return { code: "STEP_INVALID", element: null, message: z.prettifyError(error) };
  if (error instanceof SyntaxError) return { code: "STEP_INVALID", element: null, message: error.message };
  if (error instanceof Error && error.name === "RouteError" && "code" in error)
    return { code: String(error.code), element: null, message: error.message };
  return null;
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
