import { Button } from "antd";
import { Link, useSearchParams } from "react-router";
import type { z } from "zod";
import type { SlaBoard, slaCase } from "../../server/api/sla/sla.schema.ts";
import type { DaysOfLevels as DaysOfLevelsAnswer } from "../../server/api/supervision/supervision.schema.ts";
import { query } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";
import { NotDelivered } from "../parts/grants/not-delivered.tsx";
import { DaysByLevel } from "../parts/case-time.tsx";
import { Loaded, Page, useApi } from "../parts/page.tsx";
import { ViolationFigures } from "../parts/violations.tsx";
import { Signal } from "../parts/signal.tsx";
import { chinaTime } from "../parts/time.ts";
import { Scroll } from "../parts/scroll.tsx";

const states = ["open", "soon", "overdue", "breached", "met"] as const;
const titles = {
  open: "openCount",
  soon: "soonCount",
  overdue: "overdueCount",
  breached: "breachedCount",
  met: "metCount",
} as const;

/** Limits by level and organisation; every number leads to its cases. The choice is kept in the address. */
export function SlaBoardScreen() {
  const { t, pick, term } = useText();
  const [search, setSearch] = useSearchParams();
  const board = useApi<SlaBoard>("/api/sla/board");
  const choose = (choice: Record<string, string>) => setSearch(choice);
  const number = (count: number, choice: Record<string, string>, label: string) => (
    <Button type="link" disabled={count === 0} onClick={() => choose(choice)} aria-label={`${label} ${count}`}>
      {count}
    </Button>
  );
  return (
    <Page title={t("board")}>
      <Loaded result={board}>
        {(data) => (
          <>
            <p className="muted">{chinaTime(data.asOf)}</p>
            <div className="figures">
              {states.map((state) => (
                <button type="button" key={state} onClick={() => choose({ state })}>
                  <strong>{data.total[state]}</strong>
                  {t(titles[state])}
                </button>
              ))}
            </div>
            <section className="card">
              <h2>{t("byLevel")}</h2>
              <Counts
                label={t("byLevel")}
                rows={data.byLevel.map((row) => ({
                  id: row.level,
                  name: term(row.level),
                  row,
                  choice: { level: row.level },
                  rate: null,
                }))}
                number={number}
              />
            </section>
            <section className="card">
              <h2>{t("byOrganisation")}</h2>
              <Counts
                label={t("byOrganisation")}
                rows={data.byOrganisation.map((row) => ({
                  id: row.organisation.id,
                  name: pick(row.organisation.name),
                  row,
                  choice: { organisation: row.organisation.id },
                  rate: row.onTimeRate,
                }))}
                number={number}
              />
            </section>
          </>
        )}
      </Loaded>
      <ViolationFigures />
      <NotDelivered />
      <DaysOfLevels />
      {search.size > 0 && <SlaCases search={search} />}
    </Page>
  );
}

/** Who used the days, over the newest cases. */
function DaysOfLevels() {
  const { t } = useText();
  const days = useApi<DaysOfLevelsAnswer>("/api/sla/days");
  return (
    <section className="card">
      <h2>{t("whoUsedDays")}</h2>
      <Loaded result={days}>
        {(data) => (
          <>
            <p className="muted">{t("newestCases", { count: data.cases })}</p>
            <DaysByLevel rows={data.byLevel} />
          </>
        )}
      </Loaded>
    </section>
  );
}

interface CountsProps {
  readonly label: string;
  readonly rows: readonly {
    readonly id: string;
    readonly name: string;
    readonly row: Readonly<Record<(typeof states)[number], number>>;
    readonly choice: Record<string, string>;
    readonly rate: number | null;
  }[];
  readonly number: (count: number, choice: Record<string, string>, label: string) => React.ReactNode;
}

function Counts({ label, rows, number }: CountsProps) {
  const { t } = useText();
  return (
    <Scroll label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("organisation")}</th>
            {states.map((state) => (
              <th scope="col" key={state}>
                {t(titles[state])}
              </th>
            ))}
            <th scope="col">{t("onTimeRate")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, name, row, choice, rate }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              {states.map((state) => (
                <td key={state}>{number(row[state], { ...choice, state }, `${name} ${t(titles[state])}`)}</td>
              ))}
              <td>{rate === null ? "—" : `${Math.round(rate * 100)}%`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function SlaCases({ search }: { search: URLSearchParams }) {
  const { t, pick } = useText();
  const filters = Object.fromEntries(
    ["state", "level", "organisation"].map((name) => [name, search.get(name) ?? undefined]),
  );
  const cases = useApi<{ items: z.infer<typeof slaCase>[] }>(`/api/sla/cases${query({ ...filters, limit: "50" })}`);
  return (
    <section className="card">
      <h2>{t("casesOf")}</h2>
      <Loaded result={cases}>
        {({ items }) => (
          <ul className="timeline">
            {items.map((item) => (
              <li key={item.clock.id}>
                <Link to={`/cases/${item.instanceId}`}>
                  {item.caseNumber} {pick(item.subject)}
                </Link>{" "}
                {pick(item.clock.name)} · {pick(item.clock.organisation.name)} · {item.holder ?? ""}{" "}
                <Signal
                  signal={item.clock.signal}
                  left={item.clock.left}
                  unit={item.clock.unit}
                  dueAt={item.clock.dueAt}
                  confidence={item.clock.dueConfidence}
                />
              </li>
            ))}
            {items.length === 0 && <li>{t("empty")}</li>}
          </ul>
        )}
      </Loaded>
    </section>
  );
}
