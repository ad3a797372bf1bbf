# The command line in a container: docs/container.md. It needs no build context: docker build -t alb-istio - < Dockerfile
FROM node:24-alpine
ARG VERSION=0.1.0
RUN npm install --global --legacy-peer-deps --ignore-scripts --no-audit --no-fund "cdk8s-alb-istio@$VERSION" && npm cache clean --force
USER node
WORKDIR /work
ENTRYPOINT ["alb-istio"]
CMD ["check", "."]
