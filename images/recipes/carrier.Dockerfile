# The agent and nothing else, for COPY --from. images/carrier.sh makes the same without a builder.
# images/bundle.sh images/target/salvor-agent.tgz && docker build -f images/recipes/carrier.Dockerfile -t salvor-carrier images/target
FROM scratch
ADD salvor-agent.tgz /opt/salvor/
