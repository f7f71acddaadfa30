import { Tag } from "antd";
import type { CaseTime } from "../../server/api/supervision/supervision.schema.ts";
import { useText } from "../i18n/i18n.ts";
import { Loaded, useApi } from "./page.tsx";
import { Card, Order } from "./supervision-parts.tsx";
import { chinaTime } from "./time.ts";
import { Scroll } from "./scroll.tsx";

/** The time of a case: who used its days, the clock ledger, cards and orders. */
export function CaseTimeCard({ instanceId }: { instanceId: string }) {
  const { t } = useText();
  const time = useApi<CaseTime>(`/api/instances/${instanceId}/time`);
  return (
    <section className="card">
      <h2>{t("whoUsedDays")}</h2>
      <Loaded result={time}>
        {(data) => (
          <>
            <DayBar days={data.days} />
            <DaysByLevel rows={data.byLevel} />
            {data.cards.length > 0 && <h3>{t("cards")}</h3>}
            <ul className="timeline">
              {data.cards.map((card) => (
                <Card key={card.id} card={card} />
              ))}
            </ul>
            {data.orders.length > 0 && <h3>{t("orders")}</h3>}
            <ul className="timeline">
              {data.orders.map((order) => (
                <Order key={order.id} order={order} />
              ))}
            </ul>
            <details>
              <summary>{t("clockLedger", { count: data.lines.length })}</summary>
              <Ledger lines={data.lines} />
            </details>
          </>
        )}
      </Loaded>
    </section>
  );
}

/** One cell a calendar day; the words of each stand in its title and, for readers of the page, in the table below. */
function DayBar({ days }: { days: CaseTime["days"] }) {
  const { t, term, pick } = useText();
  if (days.length === 0) return <p className="muted">{t("noDayYet")}</p>;
  return (
    <div className="days" role="img" aria-label={t("daysPassed", { count: days.length })}>
      {days.map(({ date, kind, organisation, reasonName }) => (
        <span
          key={date}
          data-kind={kind}
          data-level={organisation?.level}
          title={`${date} ${organisation ? pick(organisation.name) : term(`use_${kind}`)} ${reasonName ? pick(reasonName) : ""}`}
        />
      ))}
    </div>
  );
}

const uses = ["own", "otherLevels", "applicant", "rest", "paused", "unattended"] as const;

export function DaysByLevel({ rows }: { rows: CaseTime["byLevel"] }) {
  const { t, term } = useText();
  if (rows.length === 0) return <p className="muted">{t("empty")}</p>;
  return (
    <Scroll label={t("byLevel")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("level")}</th>
            {uses.map((use) => (
              <th scope="col" key={use}>
                {term(`use_${use}`)}
              </th>
            ))}
            <th scope="col">{t("total")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.level}>
              <th scope="row">{term(row.level)}</th>
              {uses.map((use) => (
                <td key={use}>{row[use]}</td>
              ))}
              <td>{uses.reduce((sum, use) => sum + row[use], 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Ledger({ lines }: { lines: CaseTime["lines"] }) {
  const { pick } = useText();
  return (
    <ol className="timeline">
      {lines.map((line) => (
        <li key={`${line.at}${line.type}${line.clockId}${line.dueAt ?? ""}`}>
          <span className="muted">{chinaTime(line.at)}</span> <Tag>{line.limitCode}</Tag> {pick(line.sentence)}
        </li>
      ))}
    </ol>
  );
}
