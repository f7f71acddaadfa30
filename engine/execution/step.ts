import type { ProcessModel } from "../model/process-model.ts";
import { advance } from "./advance.ts";
import type { Command } from "./commands.ts";
import type { StepContext } from "./context.ts";
import { CommandError } from "./errors.ts";
import type { EngineEvent } from "./events.ts";
import { correlate, broadcast, fireTimer } from "./operations/happenings.ts";
import { cancelInstance, changeVariables, resolve, resume, retry, suspend } from "./operations/control.ts";
import { migrate } from "./operations/migrate.ts";
import { moveTokens } from "./operations/move.ts";
import { start } from "./operations/start.ts";
import {
  comeBack,
  completeJob,
  completeTask,
  endAdHoc,
  failJob,
  startActivity,
  throwErrorAt,
} from "./operations/work.ts";
import { Run } from "./run.ts";
import type { InstanceState, InstanceStatus } from "./state.ts";
import { requireJson } from "./variables.ts";

export interface StepResult {
  readonly state: InstanceState;
  readonly events: readonly EngineEvent[];
}

/**
 * The engine: `(model, state, command, context) → { state, events }`. Pure and deterministic: the same arguments give the same
 * result, the state that came in is untouched, and a command that does not fit throws `CommandError` and changes nothing.
 * `state` is `null` for the command `start` only.
 */
export function step(
  model: ProcessModel,
  state: InstanceState | null,
  command: Command,
  context: StepContext,
): StepResult {
  const run = new Run(model, state, context);
  const started = state !== null;
  applyCommand(run, started, command);
  return { state: run.toState(), events: run.events };
}

/**
 * One instance kept in memory between its commands, for runs of very many steps: what `step` does, without taking the state
 * apart and putting it together again. Throws `CommandError` like `step`, and has then not changed.
 */
export class Session {
  readonly #model: ProcessModel;
  #run: Run;
  #started: boolean;

  constructor(model: ProcessModel, state: InstanceState | null, context: StepContext) {
    this.#model = model;
    this.#run = new Run(model, state, context);
    this.#started = state !== null;
  }

  get status(): InstanceStatus {
    return this.#run.status;
  }

  get state(): InstanceState {
    return this.#run.toState();
  }

  apply(command: Command, context: StepContext): readonly EngineEvent[] {
    if (command.type === "moveTokens" || command.type === "comeBack") return this.#move(command, context);
    this.#run.begin(context);
    applyCommand(this.#run, this.#started, command);
    this.#started = true;
    return this.#run.events;
  }

  /** Only when its first half is done does a move show whether it is possible: it is tried on a copy. */
  #move(command: Command, context: StepContext): readonly EngineEvent[] {
    const copy = new Run(this.#model, this.#started ? this.#run.toState() : null, context);
    applyCommand(copy, this.#started, command);
    this.#run = copy;
    return copy.events;
  }
}

function applyCommand(run: Run, started: boolean, command: Command): void {
  requireFit(run.status, started, command);
  if ("variables" in command && command.variables) requireJson(command.variables);
  apply(run, command);
  if (run.status === "running") advance(run);
}

const whileSuspended: ReadonlySet<Command["type"]> = new Set([
  "resume",
  "cancel",
  "setVariables",
  "moveTokens",
  "migrate",
]);

function requireFit(status: InstanceStatus, started: boolean, command: Command): void {
  if (command.type === "start") {
    if (started) throw new CommandError("ALREADY_STARTED", "the instance has been started already");
    return;
  }
  if (!started) throw new CommandError("NOT_STARTED", "the instance has not been started");
  if (status === "suspended") {
    if (!whileSuspended.has(command.type)) throw new CommandError("INSTANCE_SUSPENDED", "the instance is suspended");
  } else if (status !== "running") {
    throw new CommandError("INSTANCE_ENDED", `the instance has ended (${status})`);
  }
}

function apply(run: Run, command: Command): void {
  switch (command.type) {
    case "start":
      return start(run, command.startEvent, command.variables);
    case "completeTask":
      return completeTask(run, command);
    case "comeBack":
      return comeBack(run, command);
    case "completeJob":
      return completeJob(run, command.wait, command.variables);
    case "failJob":
      return failJob(run, command);
    case "startActivity":
      return startActivity(run, command);
    case "completeAdHoc":
      return endAdHoc(run, command.wait);
    case "throwError":
      return throwErrorAt(run, command.wait, command.errorCode, command.variables);
    case "fireTimer":
      return fireTimer(run, command.wait);
    case "correlateMessage":
      return correlate(run, command);
    case "broadcastSignal":
      return broadcast(run, command.name, command.variables);
    case "setVariables":
      return changeVariables(run, command.scope, command.variables);
    case "retryIncident":
      return retry(run, command.token);
    case "resolveIncident":
      return resolve(run, command.token, command.variables);
    case "moveTokens":
      return moveTokens(run, command);
    case "migrate":
      return migrate(run, command);
    case "suspend":
      return suspend(run, command);
    case "resume":
      return resume(run);
    case "cancel":
      return cancelInstance(run, command.reason);
  }
}
