import { useText } from "../i18n/i18n.ts";

/** The resource that a case is about, in one line. */
export function ResourceLine({ data }: { data: Readonly<Record<string, unknown>> }) {
  const { t, term, pick, colon } = useText();
  const resource = record(data["resource"]);
  const shown = (value: unknown): string =>
    typeof value === "string" ? term(value) : typeof value === "number" ? String(value) : "—";
  // A dispute or a demand that is begun by hand may be about no entry of the catalogue.
  if (resource["code"] === "" || resource["code"] === undefined) return null;
  return (
    <p>
      {t("catalogue")}
      {colon}
      {typeof resource["name"] === "string"
        ? pick({
            zh: resource["name"],
            en: typeof resource["nameEn"] === "string" ? resource["nameEn"] : resource["name"],
          })
        : "—"}{" "}
      {shown(resource["code"])} · {t("grade")} {shown(resource["grade"])} · {shown(resource["shareClass"])}
    </p>
  );
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
