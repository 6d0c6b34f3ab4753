// Pages cross-fade by themselves. A fade that is cut short (somebody was quicker) is no fault, so nobody is told of it.
// This script is read before the page appears; the others wait until it is there.
for (const moment of ["pagereveal", "pageswap"]) {
  addEventListener(moment, ({ viewTransition }) => {
    if (!viewTransition) return;
    for (const step of [viewTransition.updateCallbackDone, viewTransition.ready, viewTransition.finished]) step.catch(() => {});
  });
}
