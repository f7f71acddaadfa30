export const formsZh = {};
