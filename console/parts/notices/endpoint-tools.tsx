import { App, Button, Popconfirm } from "antd";
import type { NoticeEndpoint } from "../../../server/api/notice-endpoints/notice-endpoints.schema.ts";
import { api } from "../../api/client.ts";
import { useAttempt } from "../attempt.ts";
import { useText } from "../../i18n/i18n.ts";
import { useChannelFault } from "./channel-fault.ts";
import { useRefreshAll } from "../live.ts";

/** Change, try out, or remove an endpoint. */
export function EndpointTools({ endpoint, onEdit }: { endpoint: NoticeEndpoint; onEdit: () => void }) {
  const { t } = useText();
  const faultOf = useChannelFault();
  const { message } = App.useApp();
  const attempt = useAttempt();
  const refresh = useRefreshAll();
  const test = () =>
    attempt(async () => {
      const { isTaken, error } = await api.post<{ isTaken: boolean; error: string | null }>(
        `/api/notice-endpoints/${endpoint.id}/test`,
        {},
      );
      if (isTaken) void message.success(t("noticeTestTaken"));
      else void message.error(error === null ? t("failed") : faultOf(error), 8);
    });
  const remove = () =>
    attempt(async () => {
      await api.remove(`/api/notice-endpoints/${endpoint.id}`);
      await refresh();
    });
  return (
    <div className="row">
      <Button size="small" onClick={onEdit} aria-label={`${t("noticeEdit")} ${endpoint.name}`}>
        {t("noticeEdit")}
      </Button>
      <Button size="small" onClick={() => void test()} aria-label={`${t("noticeTest")} ${endpoint.name}`}>
        {t("noticeTest")}
      </Button>
      <Popconfirm
        title={t("noticeRemoveSure")}
        okText={t("noticeRemove")}
        cancelText={t("cancel")}
        onConfirm={() => void remove()}
      >
        <Button size="small" danger aria-label={`${t("noticeRemove")} ${endpoint.name}`}>
          {t("noticeRemove")}
        </Button>
      </Popconfirm>
    </div>
  );
}
