import type { Json } from "../../engine/expressions/json.ts";
import type { FormSchema } from "../content/content.schema.ts";
import { grantedItemsOf } from "../sharing/granted-items.ts";
import type { Runtime } from "../runtime/runtime.ts";

type Variables = Readonly<Record<string, Json>>;

/** The field of a partial grant. Its options are the items that this application asks for, so no form file can list them. */
export const grantedItemsField = "grantedItems";

/** The checklist of an acceptance test: one box for each granted item. */
const receivedItemsField = "itemsReceived";

/** The form of a step as it shipped with its process, with the options that depend on the case; `null` where a step has none. */
export function stepForm(
  runtime: Runtime,
  key: string | null,
  processKey: string,
  variables: Variables,
): FormSchema | null {
  if (key === null) return null;
  const owner = runtime.content.processes.find((process) => process.key === processKey);
  const form = owner?.forms.get(key);
  if (!form) return null;
  return {
    ...form,
    components: form.components.map((component) =>
      component["key"] === grantedItemsField
        ? { ...component, values: askedItems(runtime, variables) }
        : component["key"] === receivedItemsField
          ? { ...component, values: named(runtime, variables, grantedItemsOf(variables)) }
          : component,
    ),
  };
}

/** Items that the application asks for, named as the catalogue names them. */
export function askedItems(runtime: Runtime, variables: Variables): { value: string; label: string }[] {
  const asked = memberOf(variables["request"], "items");
  return named(
    runtime,
    variables,
    (Array.isArray(asked) ? asked : []).filter((code) => typeof code === "string"),
  );
}

function named(runtime: Runtime, variables: Variables, codes: readonly string[]): { value: string; label: string }[] {
  const resource = runtime.content.resources.find(({ id }) => id === memberOf(variables["resource"], "id"));
  return codes.map((code) => ({
    value: code,
    label: resource?.items.find((item) => item.code === code)?.name ?? code,
  }));
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  return typeof value === "object" && value !== null && !isList(value) ? value[name] : undefined;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
