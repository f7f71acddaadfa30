import { Tag } from "antd";
import type { GrantDetail } from "../../../server/api/grants/grants.schema.ts";
import { useText } from "../../i18n/i18n.ts";
import { useChannelFault } from "../notices/channel-fault.ts";
import { chinaTime } from "../time.ts";

/** Each attempt to deliver, and how the receiver's test of it went. */
export function GrantDeliveries({ grant }: { grant: GrantDetail }) {
  const { t, term, pick, clauses } = useText();
  return (
    <section className="card">
      <h2>{t("gDeliveries")}</h2>
      {grant.deliveries.length === 0 && <p>{t("gNoDeliveries")}</p>}
      {grant.probe && <Probe probe={grant.probe} />}
      <ul className="timeline">
        {grant.deliveries.map((delivery) => (
          <li key={delivery.id}>
            <div className="row">
              <strong>{delivery.number}</strong> {chinaTime(delivery.deliveredAt)} {delivery.deliveredBy}{" "}
              {term(delivery.mode)} {delivery.endpoint}
              <Tag color={delivery.result === "failed" ? "error" : delivery.result === null ? "warning" : "success"}>
                {term(`gResult_${delivery.result ?? "open"}`)}
              </Tag>
            </div>
            <div className="muted">
              {delivery.rowCount !== null && (
                <>
                  {t("gRows")} {delivery.rowCount}{" "}
                </>
              )}
              {delivery.fileHash} {delivery.testedBy} {delivery.testedAt !== null && chinaTime(delivery.testedAt)}{" "}
              {clauses(delivery.differences.map((difference) => pick(difference)))}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Whether the delivered access answers, as the server's own calls find. */
function Probe({ probe }: { probe: NonNullable<GrantDetail["probe"]> }) {
  const { t } = useText();
  const faultOf = useChannelFault();
  const { lastAt, lastError, unreachableSince, probes, failed } = probe;
  const state =
    lastAt === null ? "Open" : unreachableSince !== null ? "Unreachable" : lastError === null ? "Answers" : "Failed";
  const colours = { Open: "default", Unreachable: "error", Answers: "success", Failed: "warning" } as const;
  return (
    <p className="probe">
      {t("gProbe")} <Tag color={colours[state]}>{t(`gProbe${state}`)}</Tag> {probe.healthUrl}
      <br />
      <span className="muted">
        {lastAt !== null && t("gProbeLast", { at: chinaTime(lastAt) })} {lastError !== null && faultOf(lastError)}{" "}
        {unreachableSince !== null && t("gProbeSince", { at: chinaTime(unreachableSince) })}{" "}
        {t("gProbeCount", { probes, failed })}
      </span>
    </p>
  );
}

/** Use as the platform reports it, what exceeded the scope, and how satisfied the receiver is. */
export function GrantUse({ grant }: { grant: GrantDetail }) {
  const { t, term, pick } = useText();
  const { use } = grant;
  return (
    <section className="card">
      <h2>{t("gUse")}</h2>
      <p>{t("gUseSum", { days: use.days, calls: use.calls, rows: use.rows })}</p>
      {use.excesses.map((excess) => (
        <p key={`${excess.day}${excess.text.en}`}>
          <Tag color="error">{t("gExceeded")}</Tag> {excess.day} {pick(excess.text)}
        </p>
      ))}
      {use.last.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{t("gDay")}</th>
              <th scope="col">{t("gCalls")}</th>
              <th scope="col">{t("gRows")}</th>
            </tr>
          </thead>
          <tbody>
            {use.last.map((day, index) => (
              <tr key={`${day.day}-${index}`}>
                <th scope="row">
                  {day.day} {day.exceeded && t("gExceeded")}
                </th>
                <td>{day.calls}</td>
                <td>{day.rows}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {grant.ratings.length > 0 && <h2>{t("gRatings")}</h2>}
      {grant.ratings.map((rating) => (
        <p key={rating.phase}>
          {term(`gPhase_${rating.phase}`)} · {t("gScore")} {rating.score} / 5 · {rating.by} {chinaTime(rating.at)}{" "}
          {rating.lacking}
        </p>
      ))}
    </section>
  );
}
