export const handingZh = {};
