package dev.valija.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.resource.EncodedResourceResolver;
import org.springframework.web.servlet.resource.PathResourceResolver;
import org.springframework.web.servlet.resource.ResourceResolverChain;

/** Serves the webmail: its files, and its one page under every address that it routes itself. */
@Configuration(proxyBeanMethods = false)
@Order(-1) // before Boot's own handler for static files
class WebmailFiles implements WebMvcConfigurer {

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        // The build names these by their content.
        registry.addResourceHandler("/assets/**")
                .addResourceLocations("classpath:/static/assets/")
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable())
                .resourceChain(false)
                // It puts a file in Brotli and in gzip beside each.
                .addResolver(new SmallestFile())
                .addResolver(new PathResourceResolver());
        // No cache of resolved paths: strangers choose them, and it would grow without end.
        registry.addResourceHandler("/**")
                .addResourceLocations("classpath:/static/")
                .setCacheControl(CacheControl.noCache())
                .resourceChain(false)
                .addResolver(new OnePage());
    }

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addViewController("/").setViewName("forward:/index.html");
    }

    /** Of the codings that a browser takes, Spring's takes the one named first, which is gzip: Brotli is a sixth smaller. */
    private static final class SmallestFile extends EncodedResourceResolver {
        private static final Pattern BROTLI = Pattern.compile("(?i)(?:^|,)\\s*br\\s*(?:,|$)");

        SmallestFile() {
            setContentCodings(List.of("br", "gzip"));
        }

        @Override
        protected @Nullable Resource resolveResourceInternal(
                @Nullable HttpServletRequest request,
                String path,
                List<? extends Resource> locations,
                ResourceResolverChain chain) {
            var asked = request != null && takesBrotli(request) ? new Brotli(request) : request;
            return super.resolveResourceInternal(asked, path, locations, chain);
        }

        private static boolean takesBrotli(HttpServletRequest request) {
            var accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
            return accepted != null && BROTLI.matcher(accepted).find();
        }
    }

    /** The request as if it named nothing else. */
    private static final class Brotli extends HttpServletRequestWrapper {
        Brotli(HttpServletRequest request) {
            super(request);
        }

        @Override
        public String getHeader(String name) {
            return name.equalsIgnoreCase(HttpHeaders.ACCEPT_ENCODING) ? "br" : super.getHeader(name);
        }
    }

    private static final class OnePage extends PathResourceResolver {
        /** What has no dot is no file; the rest of these is not the webmail's. */
        private static final Pattern ROUTE = Pattern.compile("(?!(?:api|actuator|assets|problems|error)(?:/|$))[^.]*");

        @Override
        protected @Nullable Resource getResource(String path, Resource location) throws IOException {
            var file = super.getResource(path, location);
            return file == null && ROUTE.matcher(path).matches() ? super.getResource("index.html", location) : file;
        }
    }
}
