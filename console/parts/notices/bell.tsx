import { BellOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Badge, Button, Drawer } from "antd";
import { useCallback, useState } from "react";
import { Link } from "react-router";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { useLive } from "../live.ts";
import type { Listener } from "../live-stream.ts";
import { NoticeList } from "./notice-list.tsx";
import "./notices.css";

/** What all queries about my notices begin with. */
export const noticesKey = "notices";

/** How many notices are unread, from every screen; a click shows them. */
export function Bell() {
  const { t } = useText();
  const client = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  const { data } = useQuery({
    queryKey: [noticesKey, "unread"],
    queryFn: () => api.get<{ unread: number }>("/api/notices/unread"),
    refetchInterval: 60_000,
  });
  useLive(
    useCallback<Listener>(
      (change) => {
        // A task that somebody took or closed no longer calls.
        if (!change || change.type === "notice" || change.type === "task")
          void client.invalidateQueries({ queryKey: [noticesKey] });
      },
      [client],
    ),
  );
  const unread = data?.unread ?? 0;
  return (
    <>
      <Button
        type="text"
        className="bell"
        aria-label={unread > 0 ? t("noticeBellUnread", { count: unread >= 100 ? "99+" : unread }) : t("noticeBell")}
        aria-haspopup="dialog"
        onClick={() => setIsOpen(true)}
        icon={
          <Badge count={unread} overflowCount={99} size="small">
            <BellOutlined />
          </Badge>
        }
      />
      <Drawer
        open={isOpen}
        onClose={() => setIsOpen(false)}
        title={t("noticeTitle")}
        size="min(440px, 100vw)"
        destroyOnHidden
        footer={
          <div className="row">
            <Link to="/notices" onClick={() => setIsOpen(false)}>
              {t("noticeAll")}
            </Link>
            <Link to="/notices/settings" onClick={() => setIsOpen(false)}>
              {t("noticeSettings")}
            </Link>
          </div>
        }
      >
        <NoticeList onOpened={() => setIsOpen(false)} />
      </Drawer>
    </>
  );
}
