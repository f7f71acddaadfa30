import { Link } from "react-router";
import { useText } from "../i18n/i18n.ts";
import { NoticeList } from "../parts/notices/notice-list.tsx";
import { Page } from "../parts/page.tsx";

/** Everything that I was told. */
export function NoticesScreen() {
  const { t } = useText();
  return (
    <Page title={t("noticeTitle")} extra={<Link to="/notices/settings">{t("noticeSettings")}</Link>}>
      <section className="card">
        <NoticeList />
      </section>
    </Page>
  );
}
