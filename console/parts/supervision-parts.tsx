import { Button, Input, Tag } from "antd";
import { useId, useState } from "react";
import { Link } from "react-router";
import type { CardView, OrderView } from "../../server/api/supervision/supervision.schema.ts";
import { api } from "../api/client.ts";
import { useAttempt } from "./attempt.ts";
import { useText } from "../i18n/i18n.ts";
import { useRefreshAll } from "./live.ts";
import { chinaTime } from "./time.ts";

const colours = { yellow: "warning", red: "error", blue: "processing", none: "default" } as const;
const shortest = 4;

/** A card with its evidence, what became of it, and what the reader may do. Colour never stands alone: the name says the same. */
export function Card({ card }: { card: CardView }) {
  const { t, term, pick, colon, aside } = useText();
  const { evidence } = card;
  const path = `/api/supervision/cards/${card.id}`;
  return (
    <li>
      <div className="row">
        <Tag color={colours[card.colour]}>{pick(card.name)}</Tag>
        <strong>{pick(card.organisation.name)}</strong>
        <Tag>{term(`card_${card.state}`)}</Tag>
        <Link to={`/cases/${card.case.instanceId}`}>{card.case.caseNumber}</Link> {pick(card.case.subject)}
      </div>
      <details>
        <summary>
          {t("evidence")}
          {colon}
          {evidence.limitCode} · {t("due")} {chinaTime(evidence.dueAt)} · {t("issuedAt")} {chinaTime(card.issuedAt)}
        </summary>
        <dl className="fields">
          <dt>{t("statutory")}</dt>
          <dd>
            {evidence.usedOf.total + evidence.usedOf.extension} {term(evidence.usedOf.unit)} ·{" "}
            {t("round", { count: evidence.usedOf.round })}
          </dd>
          <dt>{t("basis")}</dt>
          <dd>
            《{evidence.source.title}》{evidence.source.article ?? ""} {evidence.pack}{" "}
            {evidence.verified ? t("verified") : t("unverified")}
          </dd>
          <dt>{t("calendar")}</dt>
          <dd>
            {evidence.calendar.region} #{evidence.calendar.version}
          </dd>
          <dt>{t("scheme")}</dt>
          <dd>
            {evidence.scheme.code} {evidence.scheme.version}
            {aside(`《${evidence.scheme.source.title}》`)}
          </dd>
          <dt>{t("inAssessment")}</dt>
          <dd>{card.countsInAssessment ? t("yes") : t("no")}</dd>
        </dl>
      </details>
      {card.contested && (
        <Said label={t("contested")} by={card.contested.by} at={card.contested.at} words={card.contested.reason} />
      )}
      {card.decided && (
        <Said
          label={term(`card_${card.state}`)}
          by={card.decided.by}
          at={card.decided.at}
          words={card.decided.reason}
        />
      )}
      {card.may.contest && (
        <Act
          label={t("contestReason")}
          acts={[{ name: t("contest"), send: (reason) => api.post(`${path}/contest`, { reason }) }]}
        >
          {t("contestUntil", { date: chinaTime(card.contestUntil) })}
        </Act>
      )}
      {card.may.decide && (
        <Act
          label={t("decisionReason")}
          acts={[
            { name: t("uphold"), send: (reason) => api.post(`${path}/decide`, { decision: "upheld", reason }) },
            {
              name: t("withdrawCard"),
              send: (reason) => api.post(`${path}/decide`, { decision: "withdrawn", reason }),
            },
          ]}
        />
      )}
    </li>
  );
}

/** A supervisory order from what is asked to its end. */
export function Order({ order }: { order: OrderView }) {
  const { t, term, pick, colon } = useText();
  const path = `/api/supervision/orders/${order.id}`;
  return (
    <li>
      <div className="row">
        <strong>{order.number}</strong>
        <Tag color={order.isOverdue ? "error" : "default"}>
          {order.isOverdue ? t("overdue") : term(`order_${order.state}`)}
        </Tag>
        <Link to={`/cases/${order.case.instanceId}`}>{order.case.caseNumber}</Link>
      </div>
      <div>
        {pick(order.asker.name)} → {pick(order.target.name)}
        {colon}
        {pick(order.ask)}
      </div>
      <div className="muted">
        {t("answerBy")} {chinaTime(order.dueAt)}
      </div>
      {order.reply && <Said label={t("reply")} by={order.reply.by} at={order.reply.at} words={order.reply.text} />}
      {order.verification && (
        <Said
          label={t("verification")}
          by={order.verification.by}
          at={order.verification.at}
          words={order.verification.text}
        />
      )}
      {order.may.reply && (
        <Act
          label={t("reply")}
          acts={[{ name: t("sendReply"), send: (reply) => api.post(`${path}/reply`, { reply }) }]}
        />
      )}
      {order.may.verify && (
        <Act
          label={t("verification")}
          acts={[
            {
              name: t("closeOrder"),
              send: (verification) => api.post(`${path}/verify`, { accepted: true, verification }),
            },
            {
              name: t("sendBack"),
              send: (verification) => api.post(`${path}/verify`, { accepted: false, verification }),
            },
          ]}
        />
      )}
    </li>
  );
}

function Said({ label, by, at, words }: { label: string; by: string; at: string; words: string }) {
  return (
    <div>
      <span className="muted">
        {label} · {by} {chinaTime(at)}
      </span>{" "}
      “{words}”
    </div>
  );
}

interface ActProps {
  readonly label: string;
  readonly acts: readonly { readonly name: string; readonly send: (words: string) => Promise<unknown> }[];
  readonly children?: React.ReactNode;
}

/** Words that are kept, and the buttons that send them. */
function Act({ label, acts, children }: ActProps) {
  const attempt = useAttempt();
  const refresh = useRefreshAll();
  const [words, setWords] = useState("");
  const id = useId();
  const perform = (send: (words: string) => Promise<unknown>) =>
    attempt(async () => {
      await send(words.trim());
      setWords("");
      await refresh();
    });
  return (
    <div className="act">
      <label htmlFor={id}>{label}</label>
      <Input.TextArea
        id={id}
        value={words}
        onChange={(event) => setWords(event.target.value)}
        autoSize
        maxLength={2000}
      />
      <div className="row">
        {acts.map(({ name, send }) => (
          <Button key={name} disabled={words.trim().length < shortest} onClick={() => void perform(send)}>
            {name}
          </Button>
        ))}
        <span className="muted">{children}</span>
      </div>
    </div>
  );
}
