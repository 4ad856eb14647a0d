package dev.valija;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMembers;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.stereotype.Controller;

/** Holds the code to the module map: who may know whom, and who may touch what. */
@AnalyzeClasses(packages = "dev.valija", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

    private static final String[] MAIL_LIBRARIES = {"jakarta.mail..", "org.eclipse.angus..", "org.apache.james.."};

    @ArchTest
    static void modulesReachOnlyWhatTheyDeclare(JavaClasses ignored) {
        ApplicationModules.of(ValijaApplication.class).verify();
    }

    @ArchTest
    static final ArchRule onlyMessageAndUpstreamTouchTheMailLibraries = noClasses()
            .that(resideOutsideOfPackages("dev.valija.message..", "dev.valija.upstream..", "dev.valija.demo.."))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(MAIL_LIBRARIES);

    @ArchTest
    static final ArchRule noMailLibraryTypeIsInAPublicSignature = codeUnits()
            .that()
            .areDeclaredInClassesThat(are(resideInAnyPackage("dev.valija.message", "dev.valija.upstream"))
                    .and(are(modifier(JavaModifier.PUBLIC)).forSubtype()))
            .and(are(modifier(JavaModifier.PUBLIC)).forSubtype())
            .should(mentionNoTypeOf(MAIL_LIBRARIES));

    @ArchTest
    static final ArchRule messageIsFreeOfSpring = noClasses()
            .that()
            .resideInAPackage("dev.valija.message..")
            .and()
            .doNotHaveSimpleName("package-info") // names the module for Spring Modulith
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.springframework..");

    @ArchTest
    static final ArchRule imapNumbersStayInTheImapPackage = noMembers()
            .that()
            .areDeclaredInClassesThat(are(resideOutsideOfPackages("dev.valija.upstream.imap..", "dev.valija.demo..")))
            .should()
            .haveNameMatching("(?i).*\\.?(uid_?validity|mod_?seq)[^.]*");

    @ArchTest
    static final ArchRule controllersArePackagePrivate = classes()
            .that()
            .areMetaAnnotatedWith(Controller.class)
            .should()
            .bePackagePrivate()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyUpstreamOpensConnections = noClasses()
            .that(resideOutsideOfPackages("dev.valija.upstream..", "dev.valija.demo.."))
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Socket.class, SocketFactory.class, HttpClient.class);

    @ArchTest
    static final ArchRule objectsAreNeverReadFromBytes =
            noClasses().should().dependOnClassesThat().belongToAnyOf(ObjectInputStream.class, ObjectOutputStream.class);

    @ArchTest
    static final ArchRule nothingKnowsTheDemoBecauseTheJarLeavesItOut = noClasses()
            .that(resideOutsideOfPackages("dev.valija.demo.."))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.valija.demo..");

    private static ArchCondition<JavaCodeUnit> mentionNoTypeOf(String... packages) {
        var foreign = resideInAnyPackage(packages);
        return new ArchCondition<>("mention no type of " + String.join(", ", packages)) {
            @Override
            public void check(JavaCodeUnit unit, ConditionEvents events) {
                Stream.of(
                                unit.getParameterTypes().stream(),
                                Stream.of(unit.getReturnType()),
                                unit.getExceptionTypes().stream().map(JavaType.class::cast))
                        .flatMap(types -> types)
                        .flatMap(type -> type.getAllInvolvedRawTypes().stream())
                        .filter(foreign)
                        .map(JavaClass::getName)
                        .forEach(name -> events.add(
                                SimpleConditionEvent.violated(unit, unit.getFullName() + " mentions " + name)));
            }
        };
    }
}
