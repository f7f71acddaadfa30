import { itemDecisionsSchema, type ItemDecision, type Mask, type Narrowing } from "../../../engine/approval/items.ts";
import type { Field } from "../../../engine/forms/form.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRegions } from "../regions.ts";

/** A value as it is read: options by their names, ticks as yes or no, tables as rows. */
export function ReadValue({ field, value }: { field: Field; value: unknown }) {
  const { t, pick, list, colon } = useText();
  const say = useDecisionWords();
  const empty = value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
  if (empty) return <span className="muted">{t("formEmpty")}</span>;
  switch (field.kind) {
    case "checkbox":
      return <span>{value === true ? t("formYes") : t("formNo")}</span>;
    case "radio":
    case "select":
    case "checklist":
    case "taglist":
    case "organisation":
    case "person":
    case "items": {
      const options = "options" in field ? field.options : field.choices;
      const codes = Array.isArray(value) ? value : [value];
      return <span>{list(codes.map((code) => nameOf(options, code, pick)))}</span>;
    }
    case "file": {
      const files = Array.isArray(value) ? (value as readonly { id: string; name: string }[]) : [];
      return (
        <span className="read-files">
          {files.map(({ id, name }) => (
            <a key={id} href={`/api/attachments/${id}`}>
              {name}
            </a>
          ))}
        </span>
      );
    }
    case "table":
      return (
        <ol className="read-rows">
          {(Array.isArray(value) ? (value as readonly Record<string, unknown>[]) : []).map((row, index) => (
            <li key={index}>
              {field.columns.map((column) => (
                <span key={column.key}>
                  {pick(column.label)}
                  {colon}
                  <ReadValue field={column} value={row[column.key]} />{" "}
                </span>
              ))}
            </li>
          ))}
        </ol>
      );
    case "itemDecisions":
      return (
        <ul className="read-rows">
          {(itemDecisionsSchema.safeParse(value).data ?? []).map((decided) => (
            <li key={decided.code}>
              {nameOf(field.choices, decided.code, pick)}
              {colon}
              {say(decided)}
            </li>
          ))}
        </ul>
      );
    case "text":
    case "textarea":
    case "number":
    case "date":
      return (
        <span className="read-text">{typeof value === "string" || typeof value === "number" ? String(value) : ""}</span>
      );
  }
}

function nameOf(
  options: readonly { readonly value: string; readonly label: { readonly zh: string; readonly en: string } }[],
  code: unknown,
  pick: (text: { readonly zh: string; readonly en: string }) => string,
): string {
  const known = options.find(({ value }) => value === code);
  return known ? pick(known.label) : String(code);
}

/** A decision on an item in words, with its mask, limits or reason. */
export function useDecisionWords() {
  const { t } = useText();
  const say = useWords();
  return (decided: ItemDecision): string => {
    const kind = t(`item_${decided.decision}`);
    const qualified = (more: readonly string[]) => t("itemSaid", { kind, more: more.join(t("itemSaidAnd")) });
    switch (decided.decision) {
      case "granted":
        return kind;
      case "masked":
        return qualified([say.mask(decided.mask), ...(decided.narrowing ? [say.narrowing(decided.narrowing)] : [])]);
      case "narrowed":
        return qualified([say.narrowing(decided.narrowing)]);
      case "refused": {
        const offer = decided.offer ? [t("itemSaidOffer", { limits: say.narrowing(decided.offer) })] : [];
        const reason = [decided.reasonCode, decided.citation, decided.reason].filter(Boolean).join(" ");
        return qualified([reason, ...offer]);
      }
    }
  };
}

/** Masks and limits in words. */
export function useWords() {
  const { t, list } = useText();
  const { nameOf: nameOfRegion } = useRegions();
  return {
    mask: (mask: Mask) => ("count" in mask ? t(`itemSaid_${mask.how}`, { count: mask.count }) : t(`mask_${mask.how}`)),
    narrowing: ({ regions, rows, from, to }: Narrowing) =>
      [
        ...(regions.length > 0 ? [list(regions.map(nameOfRegion))] : []),
        ...(rows === null ? [] : [t("itemSaidRows", { count: rows })]),
        ...(from === null ? [] : [`${t("itemsFrom")} ${from}`]),
        ...(to === null ? [] : [`${t("itemsTo")} ${to}`]),
      ].join(t("itemSaidAnd")),
  };
}
