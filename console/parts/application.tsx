import { useText } from "../i18n/i18n.ts";

const fields = [
  "purpose",
  "matter",
  "legalBasis",
  "scope",
  "mode",
  "frequency",
  "from",
  "to",
  "volume",
  "personalInfo",
  "security",
  "items",
] as const;
const labels = { matter: "matterName" } as const;

/** What was applied for, as officials read it; and what earlier steps wrote. */
export function Application({ data }: { data: Readonly<Record<string, unknown>> }) {
  const { t, term } = useText();
  const request = record(data["request"]);
  const resource = record(data["resource"]);
  const shown = (value: unknown): string =>
    Array.isArray(value)
      ? value.map(shown).join("、")
      : typeof value === "string"
        ? term(value)
        : typeof value === "number" || typeof value === "boolean"
          ? String(value)
          : "—";
  const forms = Object.entries(record(data["forms"]));
  return (
    <dl className="fields">
      <dt>{t("catalogue")}</dt>
      <dd>
        {shown(resource["name"])} {shown(resource["code"])} · {t("grade")} {shown(resource["grade"])}
      </dd>
      {fields.map((field) => (
        <Item
          key={field}
          label={t(field in labels ? labels[field as keyof typeof labels] : (field as Exclude<typeof field, "matter">))}
          value={shown(request[field])}
        />
      ))}
      {forms.map(([step, values]) => (
        <Item key={step} label={step} value={Object.values(record(values)).map(shown).join("；") || "—"} />
      ))}
    </dl>
  );
}

function Item({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
