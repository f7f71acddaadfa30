export const returningZh = {};
