import { Alert, Button, Tag } from "antd";
import { useState } from "react";
import type { NoticeEndpoint, NoticeEndpoints } from "../../server/api/notice-endpoints/notice-endpoints.schema.ts";
import { useText } from "../i18n/i18n.ts";
import { DeliveryLog } from "../parts/notices/delivery-log.tsx";
import { EndpointForm } from "../parts/notices/endpoint-form.tsx";
import { EndpointTools } from "../parts/notices/endpoint-tools.tsx";
import { Loaded, Page, useApi } from "../parts/page.tsx";

/** For the system administrator: mail, webhooks and group robots, and what became of each delivery. */
export function NoticeChannelsScreen() {
  const { t } = useText();
  const list = useApi<NoticeEndpoints>("/api/notice-endpoints");
  return (
    <Page title={t("noticeChannels")}>
      <Loaded result={list}>
        {(data) => (
          <>
            <Alert
              className="notice-state"
              type={data.mail.isConfigured ? "success" : "warning"}
              showIcon
              title={
                data.mail.isConfigured
                  ? t("noticeMailOn", { from: data.mail.from ?? "" })
                  : `${t("noticeMailOff")} JIELI_SMTP_URL`
              }
              description={data.publicUrl === null ? `${t("noticeNoLinks")} JIELI_PUBLIC_URL` : data.publicUrl}
            />
            <Endpoints data={data} />
          </>
        )}
      </Loaded>
      <DeliveryLog />
    </Page>
  );
}

function Endpoints({ data }: { data: NoticeEndpoints }) {
  const { t } = useText();
  const [edited, setEdited] = useState<NoticeEndpoint | "new" | null>(null);
  return (
    <section className="card">
      <h2>{t("noticeEndpoints")}</h2>
      <ul className="notices" aria-label={t("noticeEndpoints")}>
        {data.items.map((endpoint) => (
          <Endpoint key={endpoint.id} endpoint={endpoint} onEdit={() => setEdited(endpoint)} />
        ))}
      </ul>
      {data.items.length === 0 && <p className="muted">{t("empty")}</p>}
      {edited === null ? (
        <Button type="primary" onClick={() => setEdited("new")}>
          {t("noticeEndpointNew")}
        </Button>
      ) : (
        <EndpointForm
          key={edited === "new" ? "new" : edited.id}
          known={edited === "new" ? null : edited}
          data={data}
          onDone={() => setEdited(null)}
        />
      )}
    </section>
  );
}

function Endpoint({ endpoint, onEdit }: { endpoint: NoticeEndpoint; onEdit: () => void }) {
  const { t, term, pick } = useText();
  return (
    <li>
      <div className="row">
        <strong>{endpoint.name}</strong>
        <Tag>{term(`noticeChannel_${endpoint.type}`)}</Tag>
        {endpoint.organisation && <span>{pick(endpoint.organisation.name)}</span>}
        <Tag color={endpoint.isActive ? "success" : "default"}>
          {t(endpoint.isActive ? "noticeActive" : "noticeInactive")}
        </Tag>
        {endpoint.dead > 0 && <Tag color="error">{t("noticeDeadCount", { count: endpoint.dead })}</Tag>}
        {endpoint.waiting > 0 && <Tag>{t("noticeWaitingCount", { count: endpoint.waiting })}</Tag>}
      </div>
      <div className="muted">
        <code>{endpoint.address}</code> · {endpoint.groups.map((group) => term(`noticeGroup_${group}`)).join(" · ")}
      </div>
      <EndpointTools endpoint={endpoint} onEdit={onEdit} />
    </li>
  );
}
