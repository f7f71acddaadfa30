import { componentTypes } from "../../engine/forms/reading/form-file.ts";

/** A kind of field as form-js keeps it: a component with its configuration. */
interface FieldKind {
  (properties: unknown): unknown;
  config: Readonly<Record<string, unknown>>;
}

interface FormFields {
  /** What the palette of form-js offers; it has no other way to leave a kind out. */
  readonly _formFields: Record<string, FieldKind>;
  register(type: string, kind: FieldKind): void;
  get(type: string): FieldKind | undefined;
}

/** Kinds that form-js lacks, each drawn in the editor like the one of form-js that it resembles most. */
const kinds = [
  { type: "jieli-organisation", like: "select", name: "单位 Organisation", group: "selection" },
  { type: "jieli-person", like: "select", name: "人员 Person", group: "selection" },
  { type: "jieli-items", like: "checklist", name: "数据项 Data items", group: "selection" },
  { type: "jieli-decisions", like: "checklist", name: "逐项决定 Item decisions", group: "selection" },
] as const;

const icon = `data:image/svg+xml;utf8,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="54" height="54" viewBox="0 0 54 54"><rect x="9" y="13" width="36" height="28" rx="4" fill="none" stroke="#0b57a4" stroke-width="2"/><path d="M15 22h24M15 32h16" stroke="#0b57a4" stroke-width="2"/></svg>',
)}`;

class OurKinds {
  static readonly $inject = ["formFields"];
  constructor(formFields: FormFields) {
    for (const { type, like, name, group } of kinds) {
      const drawn = formFields.get(like);
      if (drawn) formFields.register(type, kindLike(drawn, { type, name, group }));
    }
    // `default` is the form itself.
    const known: ReadonlySet<string> = new Set([...componentTypes, "default"]);
    const { _formFields: offered } = formFields;
    for (const type of Object.keys(offered)) if (!known.has(type)) delete offered[type];
  }
}

function kindLike(drawn: FieldKind, own: { type: string; name: string; group: string }): FieldKind {
  const kind = (properties: unknown) => drawn(properties);
  kind.config = {
    ...own,
    iconUrl: icon,
    keyed: true,
    label: own.name,
    emptyValue: null,
    sanitizeValue: () => null,
    create: (options: object = {}) => ({ ...options }),
  };
  return kind;
}

/** A module of form-js (didi). */
export const ourKinds = { __init__: ["jieliKinds"], jieliKinds: ["type", OurKinds] };
