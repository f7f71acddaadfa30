import { hashPassword } from "../identity/passwords.ts";
import { compiledFiles } from "../content/compiled-files.ts";
import type { Content } from "../content/load-content.ts";
import type { Store } from "../store/store.ts";
import { shippedBundle, shippedForms } from "../forms/shipped-bundle.ts";
import { deployCompiled } from "./deploy.ts";

/** Password of every demo account. Demo installations only; it is shown on the sign-in page. */
export const demoPassword = "jieli-demo";

/** Publishes the shipped processes where they are new or changed, through the same door as a designer's. */
export async function seedDefinitions(store: Store, content: Content, now: string): Promise<void> {
  const library = shippedForms(content);
  for (const process of content.processes) {
    for (const compiled of await compiledFiles(process)) {
      const [model] = compiled.processes;
      const forms = model ? shippedBundle(process, model) : {};
      const deployment = { xml: compiled.xml, forms, library, comment: "随产品发布 / shipped", basedOn: null };
      await deployCompiled(store, { ...deployment, by: "Jieli", now }, compiled);
    }
  }
}

/** Creates the demo accounts that are missing. */
export async function seedDemoAccounts(store: Store, content: Content): Promise<void> {
  const known = new Set((await store.read("SELECT id FROM person")).map((row) => row["id"]));
  const missing = content.users.filter(({ id }) => !known.has(id));
  if (missing.length === 0) return;
  const password = await hashPassword(demoPassword);
  const people = missing.map(({ id, account, name, does }) => ({
    id,
    account,
    name,
    does_zh: does.zh,
    does_en: does.en,
    password,
    failures: 0,
    locked_until: null,
    last_sign_in_at: null,
  }));
  const posts = missing.flatMap((user) =>
    user.posts.flatMap(({ organisation, roles }) =>
      roles.map((role) => ({
        id: `${user.id}:${organisation}:${role}`,
        person_id: user.id,
        organisation_id: organisation,
        role,
      })),
    ),
  );
  // Another node that starts at the same moment may have been first.
  await store.transaction(async (tx) => {
    await tx.insertMissing("person", people);
    await tx.insertMissing("post", posts);
  });
}
