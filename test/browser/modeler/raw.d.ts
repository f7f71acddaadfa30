declare module "*.bpmn?raw" {
  const xml: string;
  export default xml;
}
declare module "*.css";
