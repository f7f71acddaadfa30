// antd's ES locale files are read as CommonJS by TypeScript's node resolution; bundlers give the default itself.
declare module "antd/es/locale/zh_CN.js" {
  const locale: import("antd").ConfigProviderProps["locale"] & { locale: string };
  export default locale;
}
declare module "antd/es/locale/en_US.js" {
  const locale: import("antd").ConfigProviderProps["locale"] & { locale: string };
  export default locale;
}
