export const noticesZh = {};
