import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Segmented, Select, Skeleton } from "antd";
import { useSearchParams } from "react-router";
import type { z } from "zod";
import type { GrantFigures as Figures, GrantList, grantPage } from "../../server/api/grants/grants.schema.ts";
import { api, query } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";
import { GrantFigures } from "../parts/grants/grant-figures.tsx";
import { GrantRows } from "../parts/grants/grant-rows.tsx";
import { Failure, Loaded, Page, useApi } from "../parts/page.tsx";
import { useRegions } from "../parts/regions.ts";
import { useMe } from "../parts/session.tsx";

const views = ["received", "provided", "seen"] as const;
type View = (typeof views)[number];
const viewNames = { received: "gReceived", provided: "gProvided", seen: "gSeen" } as const;
const lists: readonly GrantList[] = [
  "all",
  "notDelivered",
  "notAccepted",
  "fresh",
  "used",
  "idle",
  "unused",
  "over",
  "suspended",
  "exceeded",
  "endsSoon",
  "unreachable",
  "disposalMissing",
  "switchOffMissing",
];
const levels = ["country", "province", "city", "county", "zone", "township"] as const;

/** Access that was granted: our own, and for those who oversee a region what has become of every approval. The choice is kept in the address. */
export function GrantsScreen() {
  const me = useMe();
  const { t, term } = useText();
  const { options } = useRegions();
  const [search, setSearch] = useSearchParams();
  const oversees =
    me.may.supervise || me.posts.some((post) => post.roles.some((role) => role.startsWith("authority-")));
  const view = views.find((known) => known === search.get("view")) ?? (oversees ? "seen" : "received");
  const chosen = (name: string) => search.get(name) ?? "";
  const set = (changes: Record<string, string>) =>
    setSearch((before) => {
      const after = new URLSearchParams(before);
      for (const [name, value] of Object.entries(changes)) {
        if (value === "") after.delete(name);
        else after.set(name, value);
      }
      return after;
    });
  const filter = { region: chosen("region"), level: chosen("level"), provider: chosen("provider") };
  return (
    <Page title={t("menuGrants")}>
      <div className="row">
        <Segmented<View>
          value={view}
          onChange={(next) => set({ view: next })}
          options={views.map((known) => ({ value: known, label: t(viewNames[known]) }))}
        />
        <Select<string>
          aria-label={t("gFilter")}
          style={{ minWidth: 220 }}
          value={chosen("list") === "" ? "all" : chosen("list")}
          onChange={(list) => set({ list: list === "all" ? "" : list })}
          options={lists.map((list) => ({ value: list, label: term(`gList_${list}`) }))}
        />
      </div>
      {view === "seen" && oversees && (
        <>
          <div className="row" style={{ margin: "12px 0" }}>
            <Select<string>
              aria-label={t("gRegion")}
              style={{ minWidth: 180 }}
              showSearch={{ optionFilterProp: "label" }}
              value={filter.region}
              onChange={(region) => set({ region })}
              options={[{ value: "", label: t("gAllRegions") }, ...options]}
            />
            <Select<string>
              aria-label={t("level")}
              style={{ minWidth: 140 }}
              value={filter.level}
              onChange={(level) => set({ level })}
              options={[
                { value: "", label: t("gAllLevels") },
                ...levels.map((level) => ({ value: level, label: term(level) })),
              ]}
            />
            {search.size > 0 && <Button onClick={() => setSearch({ view })}>{t("gClear")}</Button>}
          </div>
          <Overview filter={filter} onOpen={(list, provider) => set({ list, provider: provider ?? filter.provider })} />
        </>
      )}
      <section className="card" style={{ marginTop: 12 }}>
        <h2>{term(`gList_${chosen("list") === "" ? "all" : chosen("list")}`)}</h2>
        <Rows view={view} list={chosen("list")} filter={filter} />
      </section>
    </Page>
  );
}

interface OverviewProps {
  readonly filter: Readonly<Record<string, string>>;
  readonly onOpen: (list: GrantList, provider?: string) => void;
}

function Overview({ filter, onOpen }: OverviewProps) {
  const figures = useApi<Figures>(`/api/grants/figures${query(filter)}`);
  return <Loaded result={figures}>{(found) => <GrantFigures figures={found} onOpen={onOpen} />}</Loaded>;
}

interface RowsProps {
  readonly view: View;
  readonly list: string;
  readonly filter: Readonly<Record<string, string>>;
}

function Rows({ view, list, filter }: RowsProps) {
  const { t } = useText();
  const search = { view, list, ...filter };
  const pages = useInfiniteQuery({
    queryKey: ["/api/grants", search],
    queryFn: ({ pageParam }) =>
      api.get<z.infer<typeof grantPage>>(`/api/grants${query({ ...search, cursor: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor,
  });
  if (pages.error) return <Failure error={pages.error} onRetry={() => void pages.refetch()} />;
  if (pages.isPending) return <Skeleton active />;
  return (
    <>
      <GrantRows grants={pages.data.pages.flatMap(({ items }) => items)} />
      {pages.hasNextPage && <Button onClick={() => void pages.fetchNextPage()}>{t("more")}</Button>}
    </>
  );
}
