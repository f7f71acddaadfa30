import type { Json, Variables } from "../../engine/expressions/json.ts";
import { requireOrganisation } from "../../engine/routing/organisations.ts";
import { integer, text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";
import { systemActor } from "./actor.ts";
import type { Within } from "./dispatch.ts";
import { memberOf, nothingDone, textIn, told, type JobHandler, type JobResult } from "./job-handler.ts";
import { settlementIn } from "../sharing/settlement.ts";
import { appendJournal } from "./journal.ts";
import { addParticipant } from "./project.ts";

/** What happens to catalogue entries, flagged records, disputes, and who takes part in a case. */
export const recordTopics: Readonly<Record<string, JobHandler>> = {
  takeOver,
  tellProvider,
  nameHolder,
  publishCatalogue,
  refreshResource,
  markDisputed,
  correctRecord: (within, variables) => settleFlag(within, variables, "corrected"),
  upholdRecord: (within, variables) => settleFlag(within, variables, "upheld"),
  recordDispute,
};

/** The application of the case that handed over goes on under this one. */
async function takeOver({ tx, instance, now }: Within, variables: Variables): Promise<JobResult> {
  const origin = textIn(variables["originCase"]);
  if (origin === null) return nothingDone;
  await tx.execute("UPDATE application SET instance_id = ? WHERE number = ?", [text(instance, "id"), origin]);
  return told(now, "application.takenOver", { from: origin });
}

/** From now on the provider sees the case. */
async function tellProvider({ tx, instance, now }: Within): Promise<JobResult> {
  const provider = text(instance, "provider_org");
  await addParticipant(tx, text(instance, "id"), provider, text(instance, "provider_region"));
  return told(now, "provider.told", { organisation: provider });
}

/** The holder that an official has named becomes the provider. Throws `RouteError` when there is no such organisation. */
async function nameHolder({ tx, instance, directory, now }: Within, variables: Variables): Promise<JobResult> {
  const forms = Object.values((variables["forms"] ?? {}) as Readonly<Record<string, Json>>);
  const named = forms.map((form) => textIn(memberOf({ form }, "form", "holder"))).findLast((holder) => holder !== null);
  const holder = requireOrganisation(directory, named ?? null, "holder");
  const party = { organisation: holder.id, region: holder.region, level: holder.level, name: holder.name.zh };
  await tx.execute("UPDATE instance SET provider_org = ?, provider_region = ? WHERE id = ?", [
    holder.id,
    holder.region,
    text(instance, "id"),
  ]);
  await addParticipant(tx, text(instance, "id"), holder.id, holder.region);
  return told(now, "holder.named", { organisation: holder.id }, { holder: party, provider: party });
}

/** The entry as the holder compiled it, under the case that waits for it. */
async function publishCatalogue({ tx, instance, now }: Within, variables: Variables): Promise<JobResult> {
  const forms = (variables["forms"] ?? {}) as Variables;
  const compiled = ["Task_Compile", "Task_Change"].map((task) => forms[task]).find((form) => form !== undefined) ?? {};
  const field = (name: string) => memberOf({ compiled }, "compiled", name);
  const entry = {
    origin_case: textIn(variables["originCase"]),
    name: textIn(field("entryName")) ?? textIn(memberOf(variables, "resource", "name")) ?? "",
    holder_org: text(instance, "provider_org"),
    share_class: textIn(field("shareClass")) ?? "conditional",
    grade: Number(field("grade") ?? 2),
    entry: JSON.stringify(compiled),
    published_at: now,
  };
  await tx.insert("catalogue_entry", { instance_id: text(instance, "id"), ...entry });
  return told(now, "catalogue.published", { name: entry.name, shareClass: entry.share_class });
}

/** Where the entry that this case waits for has been published, the case goes on with it and with its holder. */
async function refreshResource({ tx, instance, directory, now }: Within, variables: Variables): Promise<JobResult> {
  const [entry] = await tx.query("SELECT * FROM catalogue_entry WHERE origin_case = ? ORDER BY published_at DESC", [
    text(instance, "case_number"),
  ]);
  if (!entry) return nothingDone;
  const holder = requireOrganisation(directory, text(entry, "holder_org"), "provider");
  await tx.execute("UPDATE instance SET provider_org = ?, provider_region = ? WHERE id = ?", [
    holder.id,
    holder.region,
    text(instance, "id"),
  ]);
  const resource = (variables["resource"] ?? {}) as Variables;
  return told(
    now,
    "catalogue.found",
    { name: text(entry, "name") },
    {
      resource: {
        ...resource,
        name: text(entry, "name"),
        shareClass: text(entry, "share_class"),
        grade: integer(entry, "grade"),
        hookup: "catalogued",
      },
      provider: { organisation: holder.id, region: holder.region, level: holder.level, name: holder.name.zh },
    },
  );
}

async function markDisputed({ tx, instance, now }: Within, variables: Variables): Promise<JobResult> {
  const record = textIn(memberOf(variables, "request", "recordRef")) ?? "";
  await tx.insert("record_flag", {
    instance_id: text(instance, "id"),
    resource_id: textIn(memberOf(variables, "resource", "id")) ?? "",
    record_ref: record,
    state: "disputed",
    flagged_at: now,
    settled_at: null,
  });
  return told(now, "record.disputed", { record });
}

/** The flag is settled. A correction goes to everyone who uses the data now, the one who asked included. */
async function settleFlag(
  { tx, instance, now }: Within,
  variables: Variables,
  state: "corrected" | "upheld",
): Promise<JobResult> {
  await tx.execute("UPDATE record_flag SET state = ?, settled_at = ? WHERE instance_id = ?", [
    state,
    now,
    text(instance, "id"),
  ]);
  if (state === "upheld") return told(now, "record.upheld", {});
  const users = await usersOfRecord(tx, instance, variables);
  return told(now, "record.corrected", { users }, correctionTold(users));
}

/** Organisations that a correction goes to: the one that asked for it, then all that have the data by a grant now. */
export async function usersOfRecord(
  { query }: Pick<Transaction, "query">,
  instance: Row,
  variables: Variables,
): Promise<readonly string[]> {
  const rows = await query(
    "SELECT DISTINCT applicant_org FROM access_grant WHERE resource_id = ? AND state IN ('active', 'suspended') ORDER BY applicant_org",
    [textIn(memberOf(variables, "resource", "id")) ?? ""],
  );
  return [...new Set([instance, ...rows].map((row) => text(row, "applicant_org")))];
}

/** What the case knows when a record has been corrected: each of the users is to apply the correction. */
export function correctionTold(users: readonly string[]): Variables {
  return { users: users.map((organisation) => ({ organisation })) };
}

/** The result stands in the journal of this case and of the one that waits for it, so that both sides can show it. */
async function recordDispute({ tx, instance, now }: Within, variables: Variables): Promise<JobResult> {
  const origin = textIn(variables["originCase"]);
  const payload = {
    result: textIn(variables["disputeResult"]),
    dispute: text(instance, "case_number"),
    mediation: textIn(variables["mediation"]),
    ruling: textIn(variables["ruling"]),
    text: settlementIn(variables).join("；"),
  };
  const [waiting] =
    origin === null ? [] : await tx.query(`SELECT id FROM instance WHERE case_number = ? ${tx.forUpdate}`, [origin]);
  if (waiting) {
    const line = { at: now, type: "dispute.decided", element: null, actor: systemActor, payload };
    await appendJournal(tx, text(waiting, "id"), [line]);
  }
  return told(now, "dispute.decided", payload);
}
