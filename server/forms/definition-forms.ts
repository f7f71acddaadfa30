import type { Form } from "../../engine/forms/form.ts";
import { readForm } from "../../engine/forms/reading/read-form.ts";
import type { FormFile } from "../../engine/forms/reading/form-file.ts";
import { optionalText } from "../store/rows.ts";
import type { Row, Store } from "../store/store.ts";
import type { FormBundle } from "./bundle.ts";

/** Forms by definition id. A definition never changes, so neither do its forms. */
export class DefinitionForms {
  readonly #store: Store;
  readonly #forms = new Map<string, ReadonlyMap<string, Form>>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The forms of one version of a process, by key. Throws when the database does not hold the version. */
  async of(definitionId: string): Promise<ReadonlyMap<string, Form>> {
    const known = this.#forms.get(definitionId);
    if (known) return known;
    const [row] = await this.#store.read("SELECT id, forms FROM definition WHERE id = ?", [definitionId]);
    if (!row) throw new Error(`definition ${definitionId} is not in the database`);
    const forms = new Map(Object.entries(bundleIn(row)).map(([key, file]) => [key, readable(file, definitionId)]));
    this.#forms.set(definitionId, forms);
    return forms;
  }

  /** The form files of the versions in force, by key: what a designer may choose from. The latest published wins. */
  async inForce(): Promise<ReadonlyMap<string, FormFile>> {
    const rows = await this.#store.read(
      "SELECT forms FROM definition WHERE state = 'published' ORDER BY deployed_at, id",
    );
    return new Map(rows.flatMap((row) => Object.entries(bundleIn(row))));
  }
}

export function bundleIn(row: Row): FormBundle {
  const stored = optionalText(row, "forms");
  return stored === null ? {} : (JSON.parse(stored) as FormBundle);
}

/** Forms are checked before they are published; one that cannot be read any more is a defect of ours, not of a reader. */
function readable(file: FormFile, definitionId: string): Form {
  const { form, problems } = readForm(file);
  if (form) return form;
  throw new Error(
    `a form of definition ${definitionId} cannot be read: ${problems.map(({ code, place }) => `${code} ${place}`).join(", ")}`,
  );
}
