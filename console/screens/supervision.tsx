import { Button, Segmented, Tag } from "antd";
import { Link, useSearchParams } from "react-router";
import type { CardView, NoticeView, OrderView } from "../../server/api/supervision/supervision.schema.ts";
import { api, query } from "../api/client.ts";
import { useAttempt } from "../parts/attempt.ts";
import { useText } from "../i18n/i18n.ts";
import { useRefreshAll } from "../parts/live.ts";
import { Loaded, Page, useApi } from "../parts/page.tsx";
import { Card, Order } from "../parts/supervision-parts.tsx";
import { useMe } from "../parts/session.tsx";
import { UrgesCard } from "../parts/talk/urges-card.tsx";
import { ViolationList } from "../parts/violations.tsx";
import { chinaTime } from "../parts/time.ts";

const views = ["cards", "criticism", "orders", "violations", "notices"] as const;
type View = (typeof views)[number];

/** The supervision desk: cards, the notified criticism list, supervisory orders, and what was told to me. */
export function SupervisionScreen() {
  const me = useMe();
  const { t } = useText();
  const [search, setSearch] = useSearchParams();
  const view = views.find((known) => known === search.get("view")) ?? "cards";
  return (
    <Page title={t("menuSupervision")}>
      <Segmented<View>
        value={view}
        onChange={(chosen) => setSearch({ view: chosen })}
        options={views.map((known) => ({ value: known, label: t(known) }))}
      />
      <section className="card">
        {view === "cards" && <Cards path={`/api/supervision/cards${query({ limit: "100" })}`} />}
        {view === "criticism" && (
          <Cards path={`/api/supervision/cards${query({ limit: "100", measure: "criticise" })}`} />
        )}
        {view === "orders" && <Orders />}
        {view === "violations" && <ViolationList organisation={search.get("organisation")} />}
        {view === "notices" && <Notices />}
      </section>
      {me.may.supervise && <UrgesCard />}
    </Page>
  );
}

function Cards({ path }: { path: string }) {
  const { t } = useText();
  const cards = useApi<{ items: CardView[] }>(path);
  return (
    <Loaded result={cards}>
      {({ items }) => (
        <ul className="timeline">
          {items.map((card) => (
            <Card key={card.id} card={card} />
          ))}
          {items.length === 0 && <li>{t("empty")}</li>}
        </ul>
      )}
    </Loaded>
  );
}

function Orders() {
  const { t } = useText();
  const orders = useApi<{ items: OrderView[] }>("/api/supervision/orders?limit=100");
  return (
    <Loaded result={orders}>
      {({ items }) => (
        <ul className="timeline">
          {items.map((order) => (
            <Order key={order.id} order={order} />
          ))}
          {items.length === 0 && <li>{t("empty")}</li>}
        </ul>
      )}
    </Loaded>
  );
}

function Notices() {
  const { t, pick, term } = useText();
  const attempt = useAttempt();
  const refresh = useRefreshAll();
  const notices = useApi<{ items: NoticeView[] }>("/api/supervision/notices?limit=100");
  const receive = (id: string) =>
    attempt(async () => {
      await api.post(`/api/supervision/notices/${id}/receive`, {});
      await refresh();
    });
  return (
    <Loaded result={notices}>
      {({ items }) => (
        <ul className="timeline">
          {items.map((notice) => (
            <li key={notice.id} className="row">
              <span className="muted">{chinaTime(notice.at)}</span> <Tag>{pick(notice.name)}</Tag> {notice.limitCode}{" "}
              <Link to={`/cases/${notice.case.instanceId}`}>{notice.case.caseNumber}</Link> {pick(notice.case.subject)}{" "}
              {pick(notice.organisation.name)} {term(notice.role)}
              {notice.needsReceipt && !notice.received && (
                <Button size="small" onClick={() => void receive(notice.id)}>
                  {t("signFor")}
                </Button>
              )}
              {notice.received && (
                <span className="muted">
                  {t("signedFor")} {notice.received.by} {chinaTime(notice.received.at)}
                </span>
              )}
            </li>
          ))}
          {items.length === 0 && <li>{t("empty")}</li>}
        </ul>
      )}
    </Loaded>
  );
}
