# Valija's image. .ci/dockerfile-by-hand does the same steps on a machine without Docker.

FROM node:22-bookworm-slim AS webmail
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY openapi.yaml /build/
COPY frontend ./
RUN npm run build

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build
COPY .mvn .mvn
COPY mvnw pom.xml openapi.yaml ./
COPY src src
COPY --from=webmail /build/frontend/dist frontend/dist
RUN --mount=type=cache,target=/root/.m2 ./mvnw -q -B -Dskip.frontend -Dmaven.test.skip=true package \
    dependency:copy-dependencies -DincludeArtifactIds=greenmail -DoutputDirectory=target/demo
RUN java -Djarmode=tools -jar target/valija-*.jar extract --layers --application-filename valija.jar --destination layers

# Valija is run once beside the demo's mail server, and the JVM writes down what it learns: each start takes half the time
# then, and the first requests are fast. That holds for this very JVM, so it is this one that learns.
FROM eclipse-temurin:25-jre AS rehearsal
WORKDIR /app
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
COPY --from=build /build/target/classes /demo/classes
COPY --from=build /build/target/demo /demo/lib
COPY docker/java-options ./
RUN chmod a+w .
# The embedded PostgreSQL refuses root.
USER nobody
RUN java -cp "../demo/classes:../demo/lib/*:lib/*" dev.valija.demo.Rehearsal \
    java -XX:AOTCacheOutput=valija.aot @java-options -jar valija.jar

FROM eclipse-temurin:25-jre
RUN groupadd --system --gid 10001 valija \
 && useradd --system --uid 10001 --gid valija --home-dir /data --shell /usr/sbin/nologin valija \
 && install -d -o valija -g valija -m 700 /data
WORKDIR /app
# What changes least comes first.
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
COPY --from=rehearsal /app/valija.aot ./
COPY docker/health docker/java-options ./
ENV VALIJA_DATA_DIR=/data \
    VALIJA_ADDRESS=0.0.0.0 \
    VALIJA_PORT=8080
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s --retries=3 CMD ["/app/health"]
ENTRYPOINT ["java", "@java-options", "-XX:AOTCache=valija.aot", "-XX:MaxRAMPercentage=60", "-jar", "valija.jar"]
