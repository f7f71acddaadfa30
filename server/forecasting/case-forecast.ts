import { setImmediate } from "node:timers/promises";
import { forecast, type Forecast, type ForecastStep } from "../../engine/analysis/what-if/forecast.ts";
import type { ImaginedCase } from "../../engine/analysis/what-if/imagined-case.ts";
import { walk } from "../../engine/analysis/what-if/walk.ts";
import type { WalkedStep } from "../../engine/analysis/what-if/walk-result.ts";
import { rootVariables } from "../../engine/execution/variables.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { caseSetting } from "../returning/case-at.ts";
import { waysBack, type WayBack } from "../returning/lead-back.ts";
import { clockRow } from "../runtime/clock-rows.ts";
import { authorsOf } from "../identity/authors.ts";
import { usersOfRecord } from "../runtime/record-jobs.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { seatsOf, type Persons, type SeatQuestion } from "../runtime/seats.ts";
import { staffed, withInstead, type SeatedTask, type StaffedRun } from "../runtime/staffing.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { grantOfCase, lastMilestoneOf } from "../sharing/grants.ts";
import { jobAnswers } from "./job-answers.ts";

/** Why these people: they have it in hand, were chosen, returned the case, stand above who is excluded, or hold the role. */
export type Ground = "inHand" | "chosen" | "returner" | "superior" | "role";

export interface ForetoldStep extends ForecastStep {
  readonly organisation: string;
  readonly role: string;
  readonly people: Persons;
  readonly ground: Ground;
  /** True where each of the people is asked, and not whoever takes it. */
  readonly asksAll: boolean;
}

export interface ForetoldCase {
  readonly steps: readonly ForetoldStep[];
  readonly end: Forecast["end"];
  readonly latestEnd: string | null;
  readonly models: readonly ProcessModel[];
}

/**
 * The remaining steps of a case with who would do them and when: the engine, the route and the staffing that run the case answer
 * for what is ahead of it. Changes nothing.
 */
export async function caseForecast(runtime: Runtime, instance: Row): Promise<ForetoldCase> {
  const query = runtime.store.read;
  const id = text(instance, "id");
  const ways = await waysBack(runtime, { query, instance, state: json<InstanceState>(instance, "state") });
  const resumed = ways.flatMap(({ start }) => start);
  const { state, model, called, context } = await caseSetting(runtime, instance, resumed);
  const clocks = await query("SELECT * FROM clock WHERE instance_id = ? ORDER BY started_at, id", [id]);
  const open = await query(
    "SELECT * FROM task WHERE instance_id = ? AND kind = 'decide' AND state IN ('open', 'waiting') ORDER BY created_at, id",
    [id],
  );
  const jobAnswer = await jobAnswersOf(runtime, instance, { state, now: context.now });
  const imagined: ImaginedCase = {
    model,
    called,
    route: await routeOf(runtime, instance),
    calendarOf: (region) => runtime.rules.calendar(region),
    variables: {},
    answers: Object.assign({}, ...runtime.content.processes.map((folder) => folder.answers)),
    jobAnswer,
    now: context.now,
    from: {
      state,
      clocks: clocks.map(clockRow),
      calledProcess: context.calledProcess,
      leadsBack: (wait, outcome) => ways.find((way) => way.wait === wait)?.startFor(outcome) ?? null,
    },
  };
  const seats: SeatQuestion = { query, instanceId: id, authors: authorsOf(instance), acting: null };
  const openPeople = await peopleInHand(seats, open);
  const run = await staffedWalk(runtime, imagined, { seats, presumed: presumedDoers(open, openPeople) });
  const { steps, end, latestEnd } = await forecast({ ...imagined, route: run.result }, async () => setImmediate());
  return {
    steps: steps.map((step) => foretold(step, { run, open, openPeople, ways })),
    end,
    latestEnd,
    models: [model, ...called.values()],
  };
}

async function jobAnswersOf(
  runtime: Runtime,
  instance: Row,
  { state, now }: { readonly state: InstanceState; readonly now: string },
): Promise<NonNullable<ImaginedCase["jobAnswer"]>> {
  const tx = { query: runtime.store.read };
  const variables = rootVariables(state);
  const users = await usersOfRecord(tx, instance, variables);
  const grant = await grantOfCase(tx, text(instance, "id"), variables);
  if (!grant) return jobAnswers({ ofGrant: null, users });
  const lastMilestone = await lastMilestoneOf(tx, grant.id);
  return jobAnswers({ ofGrant: { grant, lastMilestone, rules: runtime.rules.use, now }, users });
}

async function routeOf(runtime: Runtime, instance: Row): Promise<ImaginedCase["route"]> {
  const [rules, process, date] = ["rule_set_id", "process_key", "rules_date"].map((column) => text(instance, column));
  return runtime.rules.route(rules ?? "", process ?? "", date ?? "");
}

/** Staffs what is ahead as it will be staffed when it comes. Gives the route with the superiors who will act for the excluded. */
async function staffedWalk(
  runtime: Runtime,
  imagined: ImaginedCase,
  { seats, presumed }: { readonly seats: SeatQuestion; readonly presumed: ReadonlyMap<string, readonly string[]> },
): Promise<StaffedRun<ImaginedCase["route"]>> {
  const { from, model } = imagined;
  const question = {
    model,
    calledProcess: from?.calledProcess ?? (() => null),
    instanceId: seats.instanceId,
    authors: seats.authors,
    directory: runtime.rules.directory,
    route: imagined.route,
  };
  const run = await staffed(question, { seats, presumed }, (route) => ({
    result: route,
    opened: walk({ ...imagined, route }, "atOnce").steps.flatMap(({ created, state }) =>
      created ? [{ event: created, state }] : [],
    ),
  }));
  return { ...run, result: withInstead(imagined.route, run.instead) };
}

/** Who will have done the open steps, as far as it can be known: whoever has one in hand, or alone may take it. */
function presumedDoers(
  open: readonly Row[],
  openPeople: ReadonlyMap<string, Persons>,
): ReadonlyMap<string, readonly string[]> {
  const doers = new Map<string, string[]>();
  for (const row of open) {
    const [step, assignee] = [optionalText(row, "step"), optionalText(row, "assignee_id")];
    const [only, other] = openPeople.get(text(row, "wait_id")) ?? [];
    const doer = assignee ?? (other ? null : (only?.id ?? null));
    if (step !== null && doer !== null) doers.set(step, [...(doers.get(step) ?? []), doer]);
  }
  return doers;
}

/** Who may take the steps that are open and that nobody has in hand, by wait. */
async function peopleInHand(seats: SeatQuestion, open: readonly Row[]): Promise<ReadonlyMap<string, Persons>> {
  const free = open.filter((row) => optionalText(row, "assignee_id") === null && text(row, "role") !== "");
  const found = await seatsOf(
    seats,
    free.map((row) => ({
      decision: { fourEyes: (optionalText(row, "four_eyes") ?? "").split(" ").filter((step) => step !== "") },
      asked: [
        {
          rule: { role: text(row, "role"), weight: 1, required: false, veto: false },
          organisation: { id: text(row, "organisation_id") },
        },
      ],
    })),
  );
  return new Map(
    free.map((row, index) => [text(row, "wait_id"), (found[index] ?? []).flatMap(({ persons }) => persons)]),
  );
}

interface Around {
  readonly run: StaffedRun<unknown>;
  readonly open: readonly Row[];
  readonly openPeople: ReadonlyMap<string, Persons>;
  readonly ways: readonly WayBack[];
}

function foretold(step: ForecastStep, around: Around): ForetoldStep {
  const { walked } = step;
  if (walked.created === null) return { ...step, ...inHand(walked, around) };
  const { decision } = walked;
  const place = { organisation: decision?.organisation.id ?? "", role: decision?.role ?? "" };
  const seated = around.run.seated.find(({ event }) => event.wait === walked.wait);
  const returner = around.ways.find(({ to, by }) => to === walked.element && holds(seated, by.id));
  if (returner && walked.visit === 1)
    return { ...step, ...place, people: [returner.by], ground: "returner", asksAll: false };
  const persons = new Map(
    (seated?.seats ?? []).flatMap((seat) => seat.persons.map((person) => [person.id, person] as const)),
  );
  const asksAll = seated?.policy !== null && seated?.policy !== undefined && seated.policy.kind !== "single";
  return { ...step, ...place, people: [...persons.values()], ground: groundOf(seated, around), asksAll };
}

function holds(seated: SeatedTask | undefined, person: string): boolean {
  return seated?.seats.some(({ persons }) => persons.some(({ id }) => id === person)) ?? false;
}

function groundOf(seated: SeatedTask | undefined, { run }: Around): Ground {
  if (seated?.choice) return "chosen";
  const isLifted = [...run.instead.values()].some(
    (found) =>
      found.type === "superior" &&
      found.of.startsWith(`${seated?.event.element ?? ""} `) &&
      found.post.organisation.id === seated?.decision.organisation.id &&
      found.post.role === seated.decision.role,
  );
  return isLifted ? "superior" : "role";
}

function inHand({ wait }: WalkedStep, { open, openPeople }: Around) {
  const rows = open.filter((row) => text(row, "wait_id") === wait);
  const people = rows.flatMap((row) => {
    const id = optionalText(row, "assignee_id");
    return id === null ? [] : [{ id, name: optionalText(row, "assignee_name") ?? id }];
  });
  const [first] = rows;
  return {
    organisation: first ? text(first, "organisation_id") : "",
    role: first ? text(first, "role") : "",
    people: people.length > 0 ? people : (openPeople.get(wait) ?? []),
    ground: people.length > 0 ? ("inHand" as const) : ("role" as const),
    asksAll: rows.length > 1,
  };
}
