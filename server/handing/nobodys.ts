import type { SigningRound } from "../../engine/approval/round.ts";
import { authorsOf, hasApplied } from "../identity/authors.ts";
import { applicantRoles } from "../identity/posts.ts";
import { askedBeside } from "../runtime/signing-rounds.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Query, Row } from "../store/store.ts";

/** An open decision with everything that says who may take it. */
interface Asked {
  readonly task: Row;
  /** Who has it in hand, else all who hold its role. */
  readonly persons: readonly string[];
}

const living = "task.state = 'open' AND task.kind = 'decide' AND instance.status IN ('running', 'suspended')";
const ofCase = "FROM task JOIN instance ON instance.id = task.instance_id";

/**
 * Open decisions that nobody may take now: nobody holds the role, or whoever does has applied, did the other step of a two-person
 * rule, or has a part of the same round. Four statements, however many tasks are open. Gives the rows of the tasks, with number,
 * subject and authors of their cases.
 */
export async function nobodysDecisions(query: Query): Promise<readonly Row[]> {
  const asked = await askedDecisions(query);
  const did = await doersOf(query);
  const parts = await partsOfRounds(query);
  return asked
    .filter(({ task, persons }) => {
      const id = text(task, "id");
      return persons.every(
        (person) => isOwn(task, person) || did(id, person) || (isUntaken(task) && parts(id, person)),
      );
    })
    .map(({ task }) => task);
}

/** Without those that somebody has in hand and no two-person rule is about: only a post lost could take these away. */
async function askedDecisions(query: Query): Promise<readonly Asked[]> {
  const rows = await query(
    `SELECT task.*, instance.case_number, instance.subject_zh, instance.subject_en, instance.started_by, instance.drafted_by, post.person_id ${ofCase}
     LEFT JOIN post ON post.organisation_id = task.organisation_id AND post.role = task.role
     WHERE ${living} AND task.organisation_id <> '' AND (task.assignee_id IS NULL OR task.four_eyes IS NOT NULL)`,
  );
  const asked = new Map<string, { task: Row; persons: string[] }>();
  for (const row of rows) {
    const known = asked.get(text(row, "id")) ?? { task: row, persons: [] };
    const person = optionalText(row, "assignee_id") ?? optionalText(row, "person_id");
    if (person !== null) known.persons.push(person);
    asked.set(text(row, "id"), known);
  }
  return [...asked.values()];
}

type Did = (task: string, person: string) => boolean;

/** Who did a step that excludes from the task. */
async function doersOf(query: Query): Promise<Did> {
  const rows = await query(
    `SELECT task.id, task.four_eyes, done.step, done.assignee_id, done.on_behalf_id ${ofCase}
     JOIN task AS done ON done.instance_id = task.instance_id AND done.state = 'completed' AND done.step IS NOT NULL
     WHERE ${living} AND task.four_eyes IS NOT NULL`,
  );
  return among(rows.filter((row) => text(row, "four_eyes").split(" ").includes(text(row, "step"))));
}

/** Who has another part of the round in which the task is one signer's (`partsBeside`, for all such tasks at once). */
async function partsOfRounds(query: Query): Promise<Did> {
  const untaken = `${living} AND task.signer IS NOT NULL AND task.assignee_id IS NULL`;
  const acted = await query(
    `SELECT task.id, beside.assignee_id, beside.on_behalf_id ${ofCase}
     JOIN task AS beside ON beside.instance_id = task.instance_id AND beside.wait_id = task.wait_id AND beside.id <> task.id
       AND beside.kind = 'decide' AND beside.state <> 'cancelled'
     WHERE ${untaken}`,
  );
  const rounds = await query(
    `SELECT task.id, task.signer, signing_round.round ${ofCase}
     JOIN signing_round ON signing_round.instance_id = task.instance_id AND signing_round.wait_id = task.wait_id
     WHERE ${untaken} AND signing_round.state = 'open'`,
  );
  const asked = rounds.flatMap((row) =>
    askedBeside(json<SigningRound>(row, "round"), text(row, "signer")).map((person) => ({
      id: row["id"],
      assignee_id: person,
    })),
  );
  return among([...acted, ...asked]);
}

function among(rows: readonly Row[]): Did {
  const found = new Set(
    rows.flatMap((row) =>
      ["assignee_id", "on_behalf_id"].map((column) => `${text(row, "id")} ${optionalText(row, column) ?? ""}`),
    ),
  );
  return (task, person) => found.has(`${task} ${person}`);
}

function isOwn(task: Row, person: string): boolean {
  return hasApplied(authorsOf(task), person) && !text(task, "role").startsWith(applicantRoles);
}

function isUntaken(task: Row): boolean {
  return optionalText(task, "assignee_id") === null;
}
