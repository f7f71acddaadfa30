import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { verifyAttachments } from "../../server/attachments/attachments.ts";
import { SharedDirectory } from "../../server/attachments/shared-directory.ts";
import { loadForms } from "../../server/content/load-content.ts";
import { packageRoot } from "../../server/content/package-root.ts";
import { deploy as publish } from "../../server/runtime/deploy.ts";
import { RuntimeProblem } from "../../server/runtime/errors.ts";
import { verifyLedger } from "../../server/runtime/decision-record.ts";
import { verifyJournal } from "../../server/runtime/journal.ts";
import { integer, text } from "../../server/store/rows.ts";
import { Store } from "../../server/store/store.ts";
import { UsageError } from "../usage.ts";

const dataOption = { data: { type: "string" } } as const;

async function openStore(data: string | undefined): Promise<Store> {
  return Store.open({
    databaseUrl: process.env["DATABASE_URL"] ?? null,
    file: join(dataFolder(data), "jieli.sqlite"),
  });
}

function dataFolder(data: string | undefined): string {
  return data ?? join(packageRoot(), "data");
}

export async function deploy(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...dataOption, comment: { type: "string", default: "" } },
  });
  const [folder] = positionals;
  if (!folder) throw new UsageError("jieli deploy needs the folder with the *.bpmn files");
  const store = await openStore(values.data);
  const library = await loadForms(join(folder, "forms"));
  let refused = 0;
  try {
    for (const file of (await readdir(folder)).filter((name) => name.endsWith(".bpmn")).sort()) {
      try {
        const { definition } = await publish(store, {
          xml: await readFile(join(folder, file), "utf8"),
          forms: library.size > 0 ? Object.fromEntries(library) : null,
          library,
          comment: values.comment,
          basedOn: null,
          by: "jieli deploy",
          now: new Date().toISOString(),
        });
        process.stdout.write(
          `${JSON.stringify({ type: "deployed", file, process: text(definition, "process_key"), version: integer(definition, "version") })}\n`,
        );
      } catch (error) {
        if (!(error instanceof RuntimeProblem)) throw error;
        refused += 1;
        const problems = error.problems.map(({ code, place, message }) => ({
          code,
          element: place,
          message: message.en,
          messageZh: message.zh,
        }));
        process.stdout.write(`${JSON.stringify({ type: "refused", file, problems })}\n`);
      }
    }
  } finally {
    await store.close();
  }
  return refused === 0 ? 0 : 1;
}

export async function migrate(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: dataOption });
  const store = await openStore(values.data);
  await store.close();
  process.stdout.write("the database is up to date\n");
  return 0;
}

export async function audit(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: dataOption });
  if (positionals[0] !== "verify") throw new UsageError("the audit command is: jieli audit verify");
  const store = await openStore(values.data);
  try {
    const journals = await verifyJournal(store);
    const records = await verifyLedger(store);
    const folder = process.env["JIELI_ATTACHMENTS"] ?? join(dataFolder(values.data), "attachments");
    const files = await verifyAttachments(store, new SharedDirectory(folder));
    for (const fault of [...journals, ...records, ...files]) process.stdout.write(`${JSON.stringify(fault)}\n`);
    process.stdout.write(
      journals.length === 0 ? "every journal chain is sound\n" : `${journals.length} journal(s) are not sound\n`,
    );
    process.stdout.write(
      records.length === 0
        ? "every decision record is as it was written\n"
        : `${records.length} decision record(s) are not as they were written\n`,
    );
    process.stdout.write(
      files.length === 0
        ? "every attachment is as it was uploaded\n"
        : `${files.length} attachment(s) are not as they were uploaded\n`,
    );
    return journals.length + records.length + files.length === 0 ? 0 : 1;
  } finally {
    await store.close();
  }
}
