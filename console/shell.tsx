import { App, Button, Spin } from "antd";
import { lazy, Suspense } from "react";
import { NavLink, Navigate, Route, Routes } from "react-router";
import { api } from "./api/client.ts";
import { useAttempt } from "./parts/attempt.ts";
import { setLanguage, useText } from "./i18n/i18n.ts";
import { Bell } from "./parts/notices/bell.tsx";
import { useRefreshAll } from "./parts/live.ts";
import { useMe, useSignOut } from "./parts/session.tsx";
import { chinaTime } from "./parts/time.ts";
import { Inbox } from "./screens/inbox.tsx";

const TaskScreen = lazy(async () => ({ default: (await import("./screens/task.tsx")).TaskScreen }));
const Apply = lazy(async () => ({ default: (await import("./screens/apply.tsx")).Apply }));
const Start = lazy(async () => ({ default: (await import("./screens/start.tsx")).Start }));
const Applications = lazy(async () => ({ default: (await import("./screens/applications.tsx")).Applications }));
const Cases = lazy(async () => ({ default: (await import("./screens/cases.tsx")).Cases }));
const CaseScreen = lazy(async () => ({ default: (await import("./screens/case.tsx")).CaseScreen }));
const GrantsScreen = lazy(async () => ({ default: (await import("./screens/grants.tsx")).GrantsScreen }));
const GrantScreen = lazy(async () => ({ default: (await import("./screens/grant.tsx")).GrantScreen }));
const SlaBoardScreen = lazy(async () => ({ default: (await import("./screens/sla-board.tsx")).SlaBoardScreen }));
const WhatIf = lazy(async () => ({ default: (await import("./screens/what-if.tsx")).WhatIf }));
const Ledger = lazy(async () => ({ default: (await import("./screens/ledger.tsx")).Ledger }));
const SupervisionScreen = lazy(async () => ({
  default: (await import("./screens/supervision.tsx")).SupervisionScreen,
}));
const AbsenceScreen = lazy(async () => ({ default: (await import("./screens/absence.tsx")).AbsenceScreen }));
const DepartureScreen = lazy(async () => ({ default: (await import("./screens/departure.tsx")).DepartureScreen }));
const CalendarsScreen = lazy(async () => ({ default: (await import("./screens/calendars.tsx")).CalendarsScreen }));
const NoticesScreen = lazy(async () => ({ default: (await import("./screens/notices.tsx")).NoticesScreen }));
const NoticeSettingsScreen = lazy(async () => ({
  default: (await import("./screens/notice-settings.tsx")).NoticeSettingsScreen,
}));
const NoticeChannelsScreen = lazy(async () => ({
  default: (await import("./screens/notice-channels.tsx")).NoticeChannelsScreen,
}));
const Processes = lazy(async () => ({ default: (await import("./screens/processes.tsx")).Processes }));
const VersionChangesScreen = lazy(async () => ({
  default: (await import("./screens/version-changes.tsx")).VersionChangesScreen,
}));
const SimulationScreen = lazy(async () => ({
  default: (await import("./screens/simulation/simulation.tsx")).SimulationScreen,
}));
const ModelerScreen = lazy(async () => ({ default: (await import("./screens/modeler.tsx")).ModelerScreen }));
const FormsScreen = lazy(async () => ({ default: (await import("./screens/forms/forms.tsx")).FormsScreen }));
const ImportedScreen = lazy(async () => ({ default: (await import("./screens/imported.tsx")).ImportedScreen }));

export function Shell() {
  const me = useMe();
  const { t } = useText();
  const links = [
    { to: "/inbox", text: t("menuInbox"), shown: me.may.work },
    { to: "/apply", text: t("menuApply"), shown: me.may.apply },
    { to: "/start", text: t("menuStart"), shown: me.may.start },
    { to: "/applications", text: t("menuApplications"), shown: me.may.apply },
    { to: "/cases", text: t("menuCases"), shown: true },
    { to: "/grants", text: t("menuGrants"), shown: me.may.work || me.may.supervise },
    { to: "/ledger", text: t("menuLedger"), shown: me.may.work },
    { to: "/sla", text: t("menuSla"), shown: me.may.supervise },
    { to: "/supervision", text: t("menuSupervision"), shown: me.may.supervise || me.may.work },
    { to: "/absence", text: t("menuAbsence"), shown: me.may.work },
    { to: "/departures", text: t("menuDeparture"), shown: me.may.signOff },
    { to: "/calendars", text: t("menuCalendars"), shown: true },
    { to: "/what-if", text: t("menuWhatIf"), shown: me.may.design || me.may.supervise || me.may.apply },
    { to: "/processes", text: t("menuProcesses"), shown: true },
    { to: "/notices/channels", text: t("noticeChannels"), shown: me.may.administerNotices },
  ].filter((link) => link.shown);
  return (
    <>
      <a className="skip" href="#content">
        {t("skip")}
      </a>
      <TopBar />
      <div className="frame">
        <nav className="side" aria-label={t("menu")}>
          {links.map((link) => (
            <NavLink key={link.to} to={link.to}>
              {link.text}
            </NavLink>
          ))}
        </nav>
        <main id="content">
          <Suspense fallback={<Spin aria-label={t("loading")} />}>
            <Routes>
              <Route path="/inbox" element={<Inbox />} />
              <Route path="/tasks/:id" element={<TaskScreen />} />
              <Route path="/apply" element={<Apply />} />
              <Route path="/start" element={<Start />} />
              <Route path="/applications" element={<Applications />} />
              <Route path="/cases" element={<Cases />} />
              <Route path="/cases/:id" element={<CaseScreen />} />
              <Route path="/grants" element={<GrantsScreen />} />
              <Route path="/grants/:id" element={<GrantScreen />} />
              <Route path="/sla" element={<SlaBoardScreen />} />
              <Route path="/ledger" element={<Ledger />} />
              <Route path="/supervision" element={<SupervisionScreen />} />
              <Route path="/absence" element={<AbsenceScreen />} />
              <Route path="/departures" element={<DepartureScreen />} />
              <Route path="/calendars" element={<CalendarsScreen />} />
              <Route path="/what-if" element={<WhatIf />} />
              <Route path="/notices" element={<NoticesScreen />} />
              <Route path="/notices/settings" element={<NoticeSettingsScreen />} />
              <Route path="/notices/channels" element={<NoticeChannelsScreen />} />
              <Route path="/processes" element={<Processes />} />
              <Route path="/processes/import" element={<ImportedScreen />} />
              <Route path="/processes/:id" element={<ModelerScreen />} />
              <Route path="/processes/:id/changes" element={<VersionChangesScreen />} />
              <Route path="/processes/:id/forms" element={<FormsScreen />} />
              <Route path="/processes/:id/simulation" element={<SimulationScreen />} />
              <Route
                path="*"
                element={
                  <Navigate
                    to={me.may.supervise && !me.may.work ? "/sla" : me.may.design ? "/processes" : "/inbox"}
                    replace
                  />
                }
              />
            </Routes>
          </Suspense>
        </main>
      </div>
    </>
  );
}

function TopBar() {
  const me = useMe();
  const { t, pick, language } = useText();
  const signOut = useSignOut();
  return (
    <header className="top">
      <strong>{t("product")}</strong>
      <span>{me.posts.map((post) => pick(post.organisation.name)).join(" · ")}</span>
      <span className="grow" />
      {me.may.moveClock && <DemoClock />}
      <Bell />
      <span>{me.name}</span>
      <Button
        type="text"
        lang={language === "zh" ? "en" : "zh-CN"}
        onClick={() => setLanguage(language === "zh" ? "en" : "zh")}
      >
        {t("language")}
      </Button>
      <Button type="text" onClick={() => void signOut()}>
        {t("signOut")}
      </Button>
    </header>
  );
}

/** Demo installations: the time can be moved forward, and what falls due happens. */
function DemoClock() {
  const me = useMe();
  const { t } = useText();
  const { message } = App.useApp();
  const attempt = useAttempt();
  const refresh = useRefreshAll();
  const move = (advance: string) =>
    attempt(async () => {
      const { fired } = await api.post<{ fired: number }>("/api/clock", { advance });
      await refresh();
      void message.info(t("moved", { count: fired }));
    });
  return (
    <span className="row">
      <span>
        {t("demoTime")} {chinaTime(me.now)}
      </span>
      <Button type="text" onClick={() => void move("P1D")}>
        {t("plusDay")}
      </Button>
      <Button type="text" onClick={() => void move("P7D")}>
        {t("plusWeek")}
      </Button>
    </span>
  );
}
