import { hashPassword } from "../identity/passwords.ts";
import type { Content } from "../content/load-content.ts";
import type { Store } from "../store/store.ts";
import { shippedBundle, shippedForms } from "../forms/shipped-bundle.ts";
import { deploy } from "./deploy.ts";

/** Password of every demo account. Demo installations only; it is shown on the sign-in page. */
export const demoPassword = "jieli-demo";

/** Publishes the shipped processes where they are new or changed, through the same door as a designer's. */
export async function seedDefinitions(store: Store, content: Content, now: string): Promise<void> {
  const library = shippedForms(content);
  for (const process of content.processes) {
    for (const xml of process.files.values()) {
      const forms = await shippedBundle(content, process, xml);
      await deploy(store, { xml, forms, library, comment: "随产品发布 / shipped", basedOn: null, by: "Jieli", now });
    }
  }
}

/** Creates the demo accounts that are missing. */
export async function seedDemoAccounts(store: Store, content: Content): Promise<void> {
  const password = await hashPassword(demoPassword);
  await store.transaction(async (tx) => {
    const known = new Set((await tx.query("SELECT id FROM person")).map((row) => row["id"]));
    for (const user of content.users.filter(({ id }) => !known.has(id))) {
      await tx.insert("person", {
        id: user.id,
        account: user.account,
        name: user.name,
        does_zh: user.does.zh,
        does_en: user.does.en,
        password,
        failures: 0,
        locked_until: null,
        last_sign_in_at: null,
      });
      for (const post of user.posts) {
        for (const role of post.roles)
          await tx.insert("post", {
            id: `${user.id}:${post.organisation}:${role}`,
            person_id: user.id,
            organisation_id: post.organisation,
            role,
          });
      }
    }
  });
}
