import { Alert } from "antd";
import type { ReactNode } from "react";
import type { SimulationResult } from "../../../server/api/simulations/simulations.schema.ts";
import type { Vocabulary } from "../../../server/api/definitions/definitions.schema.ts";
import { useText } from "../../i18n/i18n.ts";
import { Scroll } from "../../parts/scroll.tsx";

type Summary = NonNullable<SimulationResult["endToEnd"]["workingDays"]>;
interface Row {
  readonly key: string;
  readonly cells: readonly ReactNode[];
}

const percentiles = ["mean", "p50", "p80", "p90", "p95", "p99", "max"] as const;

/** What a simulation found, as figures, tables and a bar where a share is compared. */
export function Findings({ result, roles }: { result: SimulationResult; roles: Vocabulary["roles"] }) {
  const { t, pick } = useText();
  const roleName = (code: string) => {
    const known = roles.find((role) => role.code === code);
    return known ? pick(known.name) : code;
  };
  const { started, completed, terminated, incidents, waiting, endless } = result.cases;
  return (
    <>
      <div className="figures findings">
        <Figure value={started} label={t("startedCases")} />
        <Figure value={completed + terminated} label={t("endedCases")} />
        <Figure value={incidents + waiting + endless} label={t("stuckCases")} />
        <Figure value={result.endToEnd.workingDays?.p90 ?? "—"} label={t("p90Days")} />
      </div>
      {result.bottleneck && (
        <Alert
          type="warning"
          showIcon
          title={`${t("bottleneck")} · ${result.bottleneck.organisation ? pick(result.bottleneck.organisation.name) : ""} ${roleName(result.bottleneck.role)}`}
          description={pick(result.bottleneck.why)}
        />
      )}
      <EndToEnd result={result} />
      <Breaches rows={result.breaches} />
      <Officials rows={result.officials} roleName={roleName} />
      <Steps rows={result.steps} />
      <Notes result={result} />
    </>
  );
}

function Figure({ value, label }: { value: ReactNode; label: string }) {
  return (
    <div>
      <strong>{value}</strong>
      {label}
    </div>
  );
}

function EndToEnd({ result: { endToEnd, ends } }: { result: SimulationResult }) {
  const { t, pick } = useText();
  const row = (key: string, name: string, summary: Summary | null): Row => ({
    key,
    cells: [name, ...percentiles.map((figure) => summary?.[figure].toFixed(1) ?? "—")],
  });
  const within = (interval: readonly number[] | null) => interval?.map((end) => end.toFixed(2)).join(" – ") ?? "—";
  return (
    <section className="card">
      <h2>{t("wholeTime")}</h2>
      <Grid
        headings={["", t("mean"), ...percentiles.slice(1)]}
        rows={[
          row("working", t("workingDays"), endToEnd.workingDays),
          row("calendar", t("calendarDays"), endToEnd.calendarDays),
        ]}
      />
      <p className="muted">
        {t("confidence", { mean: within(endToEnd.meanWorkingDays), p90: within(endToEnd.p90WorkingDays) })}
      </p>
      <Grid
        headings={[t("endReached"), t("menuCases"), t("share")]}
        rows={ends.map(({ element, name, cases, share }) => ({
          key: element,
          cells: [pick(name), cases, <Bar key="bar" share={share} />],
        }))}
      />
    </section>
  );
}

function Breaches({ rows }: { rows: SimulationResult["breaches"] }) {
  const { t, pick, term } = useText();
  return (
    <section className="card">
      <h2>{t("expectedBreaches")}</h2>
      {rows.length === 0 && <p>{t("empty")}</p>}
      {rows.length > 0 && (
        <Grid
          headings={[t("limit"), t("step"), t("level"), t("clocksCounted"), t("breachedCount"), t("share")]}
          rows={rows.map(({ limit, name, element, elementName, level, clocks, breached, share }) => ({
            key: `${limit} ${element} ${level}`,
            cells: [pick(name), pick(elementName), term(level), clocks, breached, <Bar key="bar" share={share} />],
          }))}
        />
      )}
    </section>
  );
}

function Officials({ rows, roleName }: { rows: SimulationResult["officials"]; roleName: (code: string) => string }) {
  const { t, pick } = useText();
  return (
    <section className="card">
      <h2>{t("officials")}</h2>
      {rows.length === 0 && <p>{t("noQueues")}</p>}
      {rows.length > 0 && (
        <Grid
          headings={[
            t("organisation"),
            t("role"),
            t("staff"),
            t("tasks"),
            t("utilisation"),
            t("meanQueue"),
            t("waitingHours"),
            "p90",
            t("shareOfTime"),
          ]}
          rows={rows.map(({ organisation, role, count, tasks, utilisation, queue, waitingHours, shareOfEndToEnd }) => ({
            key: `${organisation?.id} ${role}`,
            cells: [
              organisation ? pick(organisation.name) : "—",
              roleName(role),
              count,
              tasks,
              <Bar key="bar" share={utilisation} />,
              queue.mean.toFixed(1),
              waitingHours?.mean.toFixed(1) ?? "—",
              waitingHours?.p90.toFixed(1) ?? "—",
              percent(shareOfEndToEnd),
            ],
          }))}
        />
      )}
    </section>
  );
}

function Steps({ rows }: { rows: SimulationResult["steps"] }) {
  const { t, term, pick } = useText();
  const hours = (summary: Summary | null) =>
    (["mean", "p50", "p90"] as const).map((figure) => summary?.[figure].toFixed(1) ?? "—");
  return (
    <section className="card">
      <h2>{t("bySteps")}</h2>
      <Grid
        headings={[
          t("step"),
          t("level"),
          t("task_completed"),
          t("task_cancelled"),
          t("waitingHours"),
          "p50",
          "p90",
          t("handlingHours"),
          "p50",
          "p90",
        ]}
        rows={rows.map(({ element, name, level, completed, withdrawn, waitingHours, handlingHours }) => ({
          key: `${element} ${level}`,
          cells: [
            pick(name),
            level === null ? "—" : term(level),
            completed,
            withdrawn,
            ...hours(waitingHours),
            ...hours(handlingHours),
          ],
        }))}
      />
    </section>
  );
}

function Notes({ result: { stuck, assumptions, seed, from, until } }: { result: SimulationResult }) {
  const { t, pick } = useText();
  return (
    <section className="card">
      <h2>{t("assumptions")}</h2>
      <p className="muted">{t("simulatedPeriod", { from, until: until.slice(0, 10), seed })}</p>
      <ul>
        {stuck.map(({ element, code, cases }) => (
          <li key={`${element} ${code}`}>
            {t("stuckAt", { cases })} <code>{element}</code> {code}
          </li>
        ))}
        {assumptions.map(({ code, place, message }) => (
          <li key={`${code} ${place}`}>
            <code>{place}</code> {pick(message)}
          </li>
        ))}
        {stuck.length + assumptions.length === 0 && <li>{t("nothingAssumed")}</li>}
      </ul>
    </section>
  );
}

/** A table whose first column names the row; wide ones scroll by keyboard, too. */
function Grid({ headings, rows }: { headings: readonly string[]; rows: readonly Row[] }) {
  return (
    <Scroll look="numbers" label={headings.find((heading) => heading !== "") ?? ""}>
      <table>
        <thead>
          <tr>
            {headings.map((heading, column) => (
              <th key={`${heading}${String(column)}`} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells: [name, ...cells] }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              {cells.map((cell, column) => (
                <td key={String(column)}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Bar({ share }: { share: number }) {
  return (
    <span className="bar">
      <span style={{ width: `${Math.min(100, share * 100)}%` }} />
      {percent(share)}
    </span>
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
