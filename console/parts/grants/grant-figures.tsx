import { Button } from "antd";
import type { GrantFigures as Figures, GrantList } from "../../../server/api/grants/grants.schema.ts";
import { useText } from "../../i18n/i18n.ts";
import { Scroll } from "../scroll.tsx";

const stages = [
  ["applied", "gApplied"],
  ["granted", "gGranted"],
  ["delivered", "gDeliveredStage"],
  ["accepted", "gAcceptedStage"],
  ["used", "gUsedStage"],
] as const;
const realities = ["notDelivered", "notAccepted", "fresh", "used", "idle", "unused", "over"] as const;
const attentions = ["suspended", "exceeded", "endsSoon", "disposalMissing", "switchOffMissing", "unreachable"] as const;

interface FiguresProps {
  readonly figures: Figures;
  /** Opens the list behind a number, of one provider where it is one's number. */
  readonly onOpen: (list: GrantList, provider?: string) => void;
}

/** What has become of approvals, by stage, by where they stand, and by who owes what; each number opens its list. */
export function GrantFigures({ figures, onOpen }: FiguresProps) {
  const { t, term } = useText();
  const button = (list: GrantList, count: number) => (
    <button type="button" key={list} onClick={() => onOpen(list)}>
      <strong>{count}</strong>
      {term(`gList_${list}`)}
    </button>
  );
  return (
    <>
      <section className="card">
        <h2>{t("gFunnel")}</h2>
        <p className="muted">{t("gFunnelNote", { days: figures.unusedDays })}</p>
        <Funnel funnel={figures.funnel} />
      </section>
      <h2>{t("gNow")}</h2>
      <div className="figures">{realities.map((list) => button(list, figures.realities[list] ?? 0))}</div>
      <h2>{t("gAttention")}</h2>
      <div className="figures">{attentions.map((list) => button(list, figures.attention[list]))}</div>
      <ByProvider rows={figures.byProvider} onOpen={onOpen} />
    </>
  );
}

function Funnel({ funnel }: { funnel: Figures["funnel"] }) {
  const { t } = useText();
  const most = Math.max(funnel.applied, funnel.granted, 1);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t("gStage")}</th>
          <th scope="col">{t("gCount")}</th>
          <th scope="col" aria-hidden="true" style={{ width: "55%" }} />
        </tr>
      </thead>
      <tbody>
        {stages.map(([stage, name]) => (
          <tr key={stage}>
            <th scope="row">{t(name)}</th>
            <td>{funnel[stage]}</td>
            <td aria-hidden="true">
              <div style={{ background: "#0b57a4", height: 14, width: `${(funnel[stage] / most) * 100}%` }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ByProvider({ rows, onOpen }: { rows: Figures["byProvider"]; onOpen: FiguresProps["onOpen"] }) {
  const { t, pick, aside } = useText();
  const number = (count: number, list: GrantList, row: Figures["byProvider"][number]) => (
    <Button
      type="link"
      size="small"
      disabled={count === 0}
      aria-label={`${pick(row.provider.name)} ${t(`gList_${list}`)} ${count}`}
      onClick={() => onOpen(list, row.provider.id)}
    >
      {count}
    </Button>
  );
  return (
    <section className="card">
      <h2>{t("gByProvider")}</h2>
      <Scroll look="broad" label={t("gByProvider")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("provider")}</th>
              <th scope="col">{t("gGranted")}</th>
              <th scope="col">{t("gList_notDelivered")}</th>
              <th scope="col">{t("gOldest")}</th>
              <th scope="col">{t("gList_notAccepted")}</th>
              <th scope="col">{t("gRejections")}</th>
              <th scope="col">{t("gList_unused")}</th>
              <th scope="col">{t("gSatisfaction")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.provider.id}>
                <th scope="row">{pick(row.provider.name)}</th>
                <td>{number(row.granted, "all", row)}</td>
                <td>{number(row.notDelivered, "notDelivered", row)}</td>
                <td>{row.oldestDays ?? "—"}</td>
                <td>{number(row.notAccepted, "notAccepted", row)}</td>
                <td>{row.rejections}</td>
                <td>{number(row.unused, "unused", row)}</td>
                <td>
                  {row.satisfaction === null ? "—" : `${row.satisfaction.mean}${aside(String(row.satisfaction.count))}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {rows.length === 0 && <p>{t("empty")}</p>}
    </section>
  );
}
