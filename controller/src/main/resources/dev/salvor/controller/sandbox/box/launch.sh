#!/usr/bin/env bash
# The box's init: runs onstart.sh once a boot, then waits; bash reaps whatever is orphaned to it.
# In the foreground, because a background job of a script would have SIGINT ignored in all it starts.
bash /root/onstart.sh
while :; do sleep 2147483; done
