import { useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import type { RoutingVocabulary } from "../../server/api/rule-packs/rule-packs.schema.ts";
import type { routeExplanation } from "../../server/api/shared/common.schema.ts";
import { api } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";
import { useRegions } from "./regions.ts";

type RouteExplanation = z.infer<typeof routeExplanation>;
type Row = RouteExplanation["rows"][number];

/** Why a step came to this organisation with this limit: in words, with the codes small beside them for whoever looks them up. */
export function Explanation({ explanation }: { explanation: RouteExplanation | null }) {
  const { t, pick, clauses } = useText();
  const { nameOf } = useRegions();
  if (!explanation) return <p>{t("empty")}</p>;
  const { layersAsked, rows, bounds, basis, sentence } = explanation;
  return (
    <>
      <p>{pick(sentence)}</p>
      <dl className="fields">
        <dt>{t("layers")}</dt>
        <dd>{layersAsked.map(nameOf).join(" → ")}</dd>
        <dt>{t("rows")}</dt>
        <dd>{rows.length === 0 ? "—" : rows.map((row) => <MatchedRow key={`${row.table} ${row.row}`} row={row} />)}</dd>
        <dt>{t("bounds")}</dt>
        <dd>{bounds.length === 0 ? "—" : bounds.map((bound) => <Bound key={bound.bound} bound={bound} />)}</dd>
        <dt>{t("basis")}</dt>
        <dd>{clauses(basis.map((source) => `《${source.title}》${source.article ?? ""}`)) || "—"}</dd>
      </dl>
    </>
  );
}

function MatchedRow({ row }: { row: Row }) {
  const { t, colon, clauses } = useText();
  const { nameOf } = useRegions();
  const words = useRouteWords();
  return (
    <div>
      <div>{t("rowOf", { region: nameOf(row.region) })}</div>
      <div>
        {t("conditions")}
        {colon}
        {clauses(row.conditions.flatMap(words.condition)) || t("rowAlways")}
      </div>
      <div>
        {t("gave")}
        {colon}
        {clauses(Object.entries(row.gave).map(([output, value]) => words.output(output, value))) || "—"}
      </div>
      <small className="muted">
        {row.table} · {row.row} · {row.version}
      </small>
    </div>
  );
}

function Bound({ bound: { region, bound, from, to } }: { bound: RouteExplanation["bounds"][number] }) {
  const { term, colon } = useText();
  const { nameOf } = useRegions();
  const { named } = useRouteWords();
  const [kind = bound] = bound.split(" ");
  return (
    <div>
      {nameOf(region)} · {term(`bound_${kind}`)}
      {colon}
      {named(from)} → {named(to)} <small className="muted">{bound}</small>
    </div>
  );
}

/** What route tables ask and give, in words; what has none stays as it is written. */
function useRouteWords() {
  const { term, pick, list, colon } = useText();
  const { data } = useQuery({
    queryKey: ["/api/routing/vocabulary"],
    queryFn: () => api.get<RoutingVocabulary>("/api/routing/vocabulary"),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const codes = new Map(
    [data?.roles, data?.policies, data?.forbiddables, data?.positions].flatMap((terms) =>
      (terms ?? []).map(({ code, name }) => [code, pick(name)] as const),
    ),
  );
  const named = (value: unknown): string => {
    if (Array.isArray(value)) return list(value.map(named));
    if (typeof value === "boolean") return term(value ? "yes" : "no");
    if (typeof value !== "object" || value === null) return codes.get(String(value)) ?? term(String(value));
    return list(Object.entries(value).map(([key, inner]) => `${term(`gave_${key}`)} ${named(inner)}`));
  };
  // That the row is about this step goes without saying.
  const condition = ({ dimension, value, test }: Row["conditions"][number]): string[] => {
    if (dimension === "step") return [];
    const known = data?.dimensions.find(({ key }) => key === dimension);
    const label = known?.values.find((one) => one.value === value)?.label;
    return [`${known ? pick(known.label) : dimension}${colon}${label ? pick(label) : test}`];
  };
  return {
    named,
    condition,
    output: (name: string, value: unknown) => `${term(`gave_${name}`)}${colon}${named(value)}`,
  };
}
